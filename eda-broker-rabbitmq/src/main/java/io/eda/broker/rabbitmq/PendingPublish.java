package io.eda.broker.rabbitmq;

import com.rabbitmq.client.AMQP;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import java.util.concurrent.CompletableFuture;

/** One publication from its acceptance to its answer. What changes is guarded by the lock of its lane. */
final class PendingPublish {

    final CompletableFuture<Void> future = new CompletableFuture<>();
    final Message message;
    final Destination destination;
    final AMQP.BasicProperties properties;
    final byte[] body;
    final int size;
    final String key;
    final long deadline;

    /** Whether it was handed to a channel, so that the broker may have it. */
    boolean isWritten;

    /** Whether the future was completed, or is about to be. */
    boolean isAnswered;

    PendingPublish(Message message, Destination destination, AMQP.BasicProperties properties, long deadline) {
        this.message = message;
        this.destination = destination;
        this.properties = properties;
        // The caller may change the array once publish has returned.
        this.body = message.body().clone();
        this.size = body.length + Wire.size(properties);
        this.key = message.topic() + "/" + message.key();
        this.deadline = deadline;
    }

    boolean isOver(long now) {
        return now - deadline >= 0;
    }

    /** Tells a returned message from others in flight. */
    String ticket() {
        return ticket(message.id(), destination.exchange(), destination.routingKey());
    }

    static String ticket(String id, String exchange, String routingKey) {
        return id + " " + exchange + " " + routingKey;
    }

    PublishException failure(PublishException.Reason reason, String why) {
        return new PublishException(
                reason, "The message " + message + " was not published to " + destination + ": " + why);
    }

    PublishException failure(PublishException.Reason reason, String why, Throwable cause) {
        return new PublishException(
                reason, "The message " + message + " was not published to " + destination + ": " + why, cause);
    }

    /**
     * Where to.
     *
     * @param exchange the exchange; empty for the default one, which leads to the queue that the routing key names
     * @param routingKey how the exchange chooses
     * @param mayBeDropped whether it is well when no queue wants it
     */
    record Destination(String exchange, String routingKey, boolean mayBeDropped) {
        @Override
        public String toString() {
            return exchange.isEmpty() ? "the queue '" + routingKey + "'" : "the exchange '" + exchange + "'";
        }
    }
}
