/**
 * The contract suites that every adapter passes, and the given/when/then kit for aggregates.
 *
 * <p>An adapter's test extends {@link io.eda.testkit.EventStorageContract} or {@link
 * io.eda.testkit.CheckpointStoreContract} and says how to open an empty store; {@link io.eda.testkit.servers} has the real
 * servers for it. The suites for brokers and for deduplication are {@link io.eda.testkit.transport} and {@link
 * io.eda.testkit.idempotency}. {@link io.eda.testkit.AggregateScenario} tests decisions without any of this.
 */
@NullMarked
package io.eda.testkit;

import org.jspecify.annotations.NullMarked;
