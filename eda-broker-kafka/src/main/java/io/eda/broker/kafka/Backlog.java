package io.eda.broker.kafka;

import io.eda.transport.Delivery;
import io.eda.transport.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What one receiver has in hand, between three kinds of threads: the one that polls brings records and takes away offsets to
 * commit; the one that dispatches takes what may be delivered; any thread settles. One lock guards it all.
 *
 * <p>Of one key in one partition a single message is delivered at a time, the next one when it is finished. So a message that
 * comes back for another attempt always comes before the later ones of its key, and a slow or failing key holds up nothing but
 * itself, until its partition's window is full.
 */
final class Backlog {

    // What is decoded and lined up at a time: few enough that the first is soon on its way and nobody waits for the
    // lock for long, many enough that it is seldom taken.
    private static final int CHUNK = 256;

    private final Guard guard = new Guard();
    private final Condition dispatchable = guard.newCondition();
    private final Condition settled = guard.newCondition();

    private final Windows windows = new Windows();
    private final Turns turns;
    private final Decoding decoding;
    private final Outputs outputs;
    private boolean isClosed;

    Backlog(int maxInFlight, Decoding decoding, Outputs outputs) {
        this.turns = new Turns(maxInFlight);
        this.decoding = decoding;
        this.outputs = outputs;
    }

    // ---- the thread that polls

    void assign(Collection<TopicPartition> partitions) {
        guard.run(() -> windows.assign(partitions));
    }

    /** Takes in what was fetched, and where the fetching goes on. What is not assigned is left to whoever has it now. */
    void arrive(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, long next) {
        for (int from = 0; from < records.size(); from += CHUNK) {
            var chunk = records.subList(from, Math.min(from + CHUNK, records.size()));
            // Without the lock, for which settlements wait.
            List<@Nullable Message> messages = decoding.messagesOf(chunk);
            inWindow(partition, window -> {
                for (int i = 0; i < chunk.size(); i++) {
                    line(new Entry(window, chunk.get(i), messages.get(i)));
                }
                dispatchable.signal();
            });
        }
        inWindow(partition, window -> window.fetchedUpTo(next));
    }

    private void inWindow(TopicPartition partition, Consumer<Window> action) {
        guard.run(() -> {
            Window window = windows.of(partition);
            if (window != null && window.isDelivering) {
                action.accept(window);
            }
        });
    }

    // What holds no message is not wanted by the group, and finished.
    private void line(Entry entry) {
        entry.window.add(entry);
        if (entry.message == null) {
            entry.window.finish(entry);
        } else if (entry.window.line(entry, entry.message.key())) {
            turns.ready(entry);
        }
    }

    /** Has {@code look} see every window, and the bytes of all, under the lock. */
    void eachWindow(BiConsumer<Window, Long> look) {
        guard.run(() -> {
            long bytes = windows.bytes();
            windows.all().forEach(window -> look.accept(window, bytes));
        });
    }

    /** Returns what may be committed now and is not yet: up to the first unfinished record of each partition. */
    Map<TopicPartition, Prefix> committable() {
        return guard.get(() -> Windows.finished(windows.all()));
    }

    void committed(TopicPartition partition, long offset) {
        guard.run(() -> windows.of(List.of(partition)).forEach(window -> window.committed(offset)));
    }

    /** Forgets a result that can never be published. */
    void discard(TopicPartition partition, Result result) {
        guard.run(() -> windows.of(List.of(partition)).forEach(window -> window.discard(result)));
    }

    /**
     * Delivers nothing of these partitions any more, waits until what is in flight is settled, for {@code patience} at most, and
     * returns what may be committed.
     */
    Map<TopicPartition, Prefix> quiesce(Collection<TopicPartition> partitions, Duration patience) {
        return guard.get(() -> {
            List<Window> given = windows.of(partitions);
            given.forEach(window -> window.isDelivering = false);
            awaitSettled(given, patience);
            return Windows.finished(given);
        });
    }

    /** Gives partitions up. What of them is settled afterwards changes nothing. */
    void drop(Collection<TopicPartition> partitions) {
        guard.run(() -> windows.of(partitions).forEach(this::drop));
    }

    /** Gives up all partitions at once. */
    void dropAll() {
        guard.run(() -> List.copyOf(windows.all()).forEach(this::drop));
    }

    private void awaitSettled(List<Window> given, Duration patience) {
        long left = patience.toNanos();
        try {
            while (left > 0 && !isClosed && given.stream().anyMatch(window -> window.inFlight > 0)) {
                left = settled.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drop(Window window) {
        window.isDelivering = false;
        window.isOwned = false;
        windows.remove(window);
        turns.landAll(window);
        dispatchable.signal();
    }

    // ---- the thread that dispatches

    /** Waits until there is something to deliver or to bury. Returns false when it is closed. */
    boolean awaitWork() {
        return guard.get(() -> {
            try {
                while (!isClosed && !turns.hasWork()) {
                    long nanos = turns.nanosToDelayed();
                    // Without one that is delayed, a signal is what ends the wait.
                    long unused = dispatchable.awaitNanos(nanos < 0 ? Long.MAX_VALUE : nanos);
                }
                return !isClosed;
            } catch (InterruptedException e) {
                return false;
            }
        });
    }

    /** Returns what may be delivered now. */
    List<Delivery> takeDeliverable() {
        return guard.get(() -> {
            List<Delivery> taken = new ArrayList<>(turns.deliverable());
            Entry entry = turns.takeDeliverable();
            while (entry != null) {
                KafkaDelivery delivery = new KafkaDelivery(this, entry, outputs);
                entry.delivery = delivery;
                taken.add(delivery);
                entry = turns.takeDeliverable();
            }
            return taken;
        });
    }

    /** Returns what was rejected and is to be written to the dead letters. */
    List<Entry> takeRejected() {
        return guard.get(turns::takeRejected);
    }

    /** The dead letters have it. */
    void buried(Entry entry) {
        guard.run(() -> {
            if (entry.window.isOwned) {
                finish(entry);
            }
        });
    }

    /** The dead letters could not be written: it stays here, uncommitted, and is tried again. */
    void notBuried(Entry entry, Duration pause) {
        guard.run(() -> {
            if (entry.window.isOwned) {
                turns.delay(entry, pause);
                dispatchable.signal();
            }
        });
    }

    // ---- whoever settles

    void ack(KafkaDelivery delivery) {
        settle(delivery, this::finish);
    }

    /** Settles it, and keeps {@code outputs} to be published when its offset is committed. */
    void ackWith(KafkaDelivery delivery, List<Output> outputs) {
        settle(delivery, entry -> {
            entry.outputs = outputs;
            entry.window.bytes += outputs.stream().mapToInt(Output::size).sum();
            finish(entry);
        });
    }

    void retryLater(KafkaDelivery delivery, Duration pause) {
        settle(delivery, entry -> {
            land(entry);
            entry.attempts++;
            // Its key stays in line behind it.
            turns.delay(entry, pause);
            dispatchable.signal();
        });
    }

    // It stays in flight until the dead letters have it, so that nothing is committed past it before.
    void reject(KafkaDelivery delivery) {
        settle(delivery, entry -> {
            turns.reject(entry);
            dispatchable.signal();
        });
    }

    private void settle(KafkaDelivery delivery, Consumer<Entry> how) {
        guard.run(() -> {
            Entry entry = delivery.entry;
            // Of another assignment, settled before, or after the end: the message is no longer this receiver's to
            // settle.
            if (entry.window.isOwned && entry.delivery == delivery && !isClosed) {
                entry.delivery = null;
                how.accept(entry);
            }
        });
    }

    private void land(Entry entry) {
        turns.land(entry);
        if (entry.window.inFlight == 0 && !entry.window.isDelivering) {
            settled.signalAll();
        }
    }

    private void finish(Entry entry) {
        land(entry);
        Entry next = entry.nextOfKey;
        entry.window.leaveLine(entry);
        entry.window.finish(entry);
        if (next != null) {
            turns.ready(next);
        }
        if (turns.isDeliverable()) {
            dispatchable.signal();
        }
    }

    // ---- whoever owns the receiver

    void pause(boolean isPaused) {
        guard.run(() -> {
            turns.pause(isPaused);
            dispatchable.signal();
        });
    }

    /** Returns how many are fetched and not finished. */
    int size() {
        return guard.get(windows::size);
    }

    void close() {
        guard.run(() -> {
            isClosed = true;
            dispatchable.signalAll();
            settled.signalAll();
        });
    }
}
