package io.eda.broker.kafka;

import io.eda.transport.Message;
import io.eda.transport.PublishException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.apache.kafka.clients.producer.ProducerRecord;

/** One record on its way to the broker: what the publisher's caller holds as its future. */
final class Publication extends CompletableFuture<Void> {

    enum Stage {
        WAITING,
        SENT,
        GIVEN_UP
    }

    private static final byte[] EMPTY = {};

    // Beside key, value and headers, about what a record costs on the heap.
    private static final int OVERHEAD = 200;

    private static final AtomicReferenceFieldUpdater<Publication, Stage> STAGE =
            AtomicReferenceFieldUpdater.newUpdater(Publication.class, Stage.class, "stage");

    private static final AtomicIntegerFieldUpdater<Publication> LEFT =
            AtomicIntegerFieldUpdater.newUpdater(Publication.class, "left");

    private final Destination destination;
    private ProducerRecord<byte[], byte[]> record;
    private final Object named;
    private final int size;
    private final long deadline;

    // Through the updaters alone, which cost no object a message.
    @SuppressWarnings("UnusedVariable")
    private volatile Stage stage = Stage.WAITING;

    @SuppressWarnings("UnusedVariable")
    private volatile int left;

    /** Makes one that failures call by {@code named}, a text or the message itself: a name is only made for them. */
    Publication(Destination destination, ProducerRecord<byte[], byte[]> record, Object named, long deadline) {
        this.destination = destination;
        this.record = record;
        this.named = named;
        this.size = sizeOf(record);
        this.deadline = deadline;
    }

    /** One that failed before it began. */
    static Publication refused(Message message, PublishException why) {
        Publication publication = new Publication(
                new Destination("", Destination.Kind.EVENTS), new ProducerRecord<>("none", EMPTY), message, 0);
        publication.completeExceptionally(why);
        return publication;
    }

    Destination destination() {
        return destination;
    }

    ProducerRecord<byte[], byte[]> record() {
        return record;
    }

    /** Copies the body, which is the caller's once he has his future: before that, for what is not handed to the driver by then. */
    void keep() {
        record = new ProducerRecord<>(
                record.topic(),
                record.partition(),
                record.timestamp(),
                record.key(),
                record.value() == null ? null : record.value().clone(),
                record.headers());
    }

    String name() {
        return named instanceof Message message
                ? message.type() + " " + message.topic() + "/" + message.key() + " [" + message.id() + "]"
                : named.toString();
    }

    /** How many bytes it holds. */
    int size() {
        return size;
    }

    boolean isOverdue(long now) {
        return now - deadline >= 0;
    }

    /** Claims it for the sender; false where it was given up before. */
    boolean startSending() {
        return STAGE.compareAndSet(this, Stage.WAITING, Stage.SENT);
    }

    /** The driver did not take it: it waits again. */
    void stopSending() {
        STAGE.set(this, Stage.WAITING);
    }

    /** Gives it up. Returns whether it had not been sent: then it never will be. */
    boolean giveUp() {
        return STAGE.compareAndSet(this, Stage.WAITING, Stage.GIVEN_UP);
    }

    /** Says that it counts no more as pending; true for the first who says so. */
    boolean leave() {
        return LEFT.compareAndSet(this, 0, 1);
    }

    /** Returns about how many bytes {@code record} takes on the heap. */
    static int sizeOf(ProducerRecord<byte[], byte[]> record) {
        int size = OVERHEAD + (record.key() == null ? 0 : record.key().length);
        size += record.value() == null ? 0 : record.value().length;
        for (var header : record.headers()) {
            size += header.key().length() + header.value().length;
        }
        return size;
    }
}
