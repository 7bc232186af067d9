/**
 * The suite that the event bus passes over every transport: {@link io.eda.testkit.bus.EventBusContract}, in three groups.
 *
 * <pre>
 *   EventBusContract ─┬─ Handling   HandlingContract  in order, isolated, tried again, once
 *                     ├─ Poison     PoisonContract    dead letters: kept, replayed, dropped
 *                     └─ Wire       WireContract      the bytes that others read
 * </pre>
 */
@NullMarked
package io.eda.testkit.bus;

import org.jspecify.annotations.NullMarked;
