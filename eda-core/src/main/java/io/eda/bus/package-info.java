/**
 * Publish and subscribe in objects, the same over every transport.
 *
 * <p>{@link io.eda.bus.EventBus} publishes and subscribes. What is hard about consuming stands here once: decoding, one
 * lane per key, retries, settling.
 *
 * <pre>
 *   Event ─ MessageCodec ─► Message ─► EventTransport ─► Delivery ─► Lanes ─► decode, upcast ─► EventHandler ─► ack
 *                                                                      ▲                             │ fails
 *                                                                      └── the key waits, others go on
 * </pre>
 */
@NullMarked
package io.eda.bus;

import org.jspecify.annotations.NullMarked;
