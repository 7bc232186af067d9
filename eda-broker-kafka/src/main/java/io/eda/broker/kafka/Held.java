package io.eda.broker.kafka;

import io.eda.transport.Message;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** One record that a share consumer has acquired and not acknowledged. Guarded by the lock of its batch. */
final class Held {

    /** What is done with it next. */
    enum State {
        /** It is delivered, or about to be: whoever has the delivery settles it. */
        DELIVERED,
        /** It is to be written elsewhere when it is due: to the dead letters, or to its group once more. */
        TO_WRITE,
        /** Its copy is on the way. */
        WRITING,
        /** The broker is told the outcome when it is due. */
        DONE,
        /** It is the broker's, or another member's, again. */
        GONE
    }

    final ConsumerRecord<byte[], byte[]> record;
    final String position;
    final Message message;

    /** Which attempt it is, those included that were counted before it was written to its group once more. */
    final int attempt;

    State state = State.DELIVERED;
    long due;

    /** What the broker is told. */
    AcknowledgeType outcome = AcknowledgeType.ACCEPT;

    /** The delivery that may settle it. */
    @Nullable
    ShareDelivery delivery;

    Held(ConsumerRecord<byte[], byte[]> record, Message message, int attempt) {
        this.record = record;
        this.position = RecordCodec.positionOf(record);
        this.message = message;
        this.attempt = attempt;
    }

    /** Returns whether it would be over at the broker's next delivery or the one after: it must not depend on those. */
    boolean isNearLimit(int deliveryLimit) {
        return record.deliveryCount().orElse((short) 1) >= Math.max(2, deliveryLimit - 1);
    }
}
