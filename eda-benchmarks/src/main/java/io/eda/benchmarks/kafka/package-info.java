/** Publishing to Kafka and receiving from it, beside the driver alone. Begin at {@link io.eda.benchmarks.kafka.KafkaBench}. */
@NullMarked
package io.eda.benchmarks.kafka;

import org.jspecify.annotations.NullMarked;
