/** Apache Kafka as an event transport. */
@NullMarked
package io.eda.broker.kafka;

import org.jspecify.annotations.NullMarked;
