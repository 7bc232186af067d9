/** RabbitMQ as an event transport. */
@NullMarked
package io.eda.broker.rabbitmq;

import org.jspecify.annotations.NullMarked;
