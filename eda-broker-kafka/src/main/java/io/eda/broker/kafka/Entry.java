package io.eda.broker.kafka;

import io.eda.transport.Message;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** One fetched record in its partition's window, until it is finished. Guarded by the lock of its backlog. */
final class Entry {

    final Window window;
    final long offset;
    final int size;

    /** What is delivered, or null where the group does not want it; gone once it is finished. */
    @Nullable
    Message message;

    /** The next one of its key in this window. */
    @Nullable
    Entry nextOfKey;

    /** The delivery that may settle it: none while it waits. */
    @Nullable
    KafkaDelivery delivery;

    /** What was made of it, to be published when its offset is committed. */
    List<Output> outputs = List.of();

    int attempts;
    long due;
    boolean isRejected;
    boolean isFinished;

    Entry(Window window, ConsumerRecord<byte[], byte[]> fetched, @Nullable Message message) {
        this.window = window;
        this.offset = fetched.offset();
        this.size = Math.max(0, fetched.serializedKeySize()) + Math.max(0, fetched.serializedValueSize()) + 200;
        this.message = message;
    }

    /** Returns where its record lies. Seldom asked for, so not kept. */
    String position() {
        return RecordCodec.position(window.partition, offset);
    }

    Message decoded() {
        Message decoded = message;
        if (decoded == null) {
            throw new IllegalStateException("The record at " + position() + " is delivered without a message");
        }
        return decoded;
    }
}
