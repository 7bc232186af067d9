package io.eda.broker.kafka;

import io.eda.transport.Message;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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

    private static final int CHUNK = 256;

    private final int maxInFlight;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition dispatchable = lock.newCondition();
    private final Condition settled = lock.newCondition();

    private final Map<TopicPartition, Window> windows = new HashMap<>();
    private final Deque<Entry> arrived = new ArrayDeque<>();
    private final Deque<Entry> ready = new ArrayDeque<>();
    private final PriorityQueue<Entry> delayed =
            new PriorityQueue<>(Comparator.comparingLong((Entry entry) -> entry.due).thenComparing(e -> e.offset));
    private final Deque<Entry> rejected = new ArrayDeque<>();
    private int inFlight;
    private long bytes;
    private boolean isPaused;
    private boolean isClosed;

    Backlog(int maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    // ---- the thread that polls

    void assign(Collection<TopicPartition> partitions) {
        locked(() -> partitions.forEach(partition -> windows.putIfAbsent(partition, new Window(partition))));
    }

    /** Takes in what was fetched. Records of a partition that is not assigned are left to whoever has it now. */
    void arrive(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, long next) {
        locked(() -> {
            Window window = windows.get(partition);
            if (window == null || !window.isDelivering) {
                return;
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                Entry entry = new Entry(window, record);
                window.add(entry);
                bytes += entry.size;
                arrived.add(entry);
            }
            window.fetchedUpTo(next);
            dispatchable.signal();
        });
    }

    /** Tells the windows to {@code look}, under the lock. */
    void eachWindow(WindowView look) {
        locked(() -> windows.values().forEach(window -> look.see(window, bytes)));
    }

    /** Returns what may be committed now and is not yet: up to the first unfinished record of each partition. */
    Map<TopicPartition, Long> committable() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        locked(() -> windows.values().forEach(window -> offer(window, offsets)));
        return offsets;
    }

    void committed(TopicPartition partition, long offset) {
        locked(() -> {
            Window window = windows.get(partition);
            if (window != null) {
                window.committed = Math.max(window.committed, offset);
            }
        });
    }

    /**
     * Gives partitions up: delivers nothing of them any more, waits until what is in flight is settled, for {@code patience} at
     * most, and returns what may be committed. What is settled afterwards changes nothing.
     */
    Map<TopicPartition, Long> revoke(Collection<TopicPartition> partitions, Duration patience) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        locked(() -> {
            partitions.forEach(partition -> stopDelivering(windows.get(partition)));
            awaitSettled(partitions, patience);
            for (TopicPartition partition : partitions) {
                Window window = windows.get(partition);
                if (window != null) {
                    offer(window, offsets);
                    drop(window);
                }
            }
        });
        return offsets;
    }

    /** Gives up all partitions at once. */
    Map<TopicPartition, Long> revokeAll(Duration patience) {
        List<TopicPartition> all = new ArrayList<>();
        locked(() -> all.addAll(windows.keySet()));
        return revoke(all, patience);
    }

    private static void stopDelivering(@Nullable Window window) {
        if (window != null) {
            window.isDelivering = false;
        }
    }

    private void awaitSettled(Collection<TopicPartition> partitions, Duration patience) {
        long left = patience.toNanos();
        try {
            while (left > 0 && !isClosed && isInFlight(partitions)) {
                left = settled.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isInFlight(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .map(windows::get)
                .anyMatch(window -> window != null && window.inFlight > 0);
    }

    private static void offer(Window window, Map<TopicPartition, Long> offsets) {
        long offset = window.finishedBefore();
        if (window.isOwned && offset > window.committed) {
            offsets.put(window.partition, offset);
        }
    }

    private void drop(Window window) {
        window.isOwned = false;
        window.isDelivering = false;
        windows.remove(window.partition);
        inFlight -= window.inFlight;
        bytes -= window.bytes;
        dispatchable.signal();
    }

    // ---- the thread that dispatches

    /** Waits until there is something to decode, to deliver or to bury. Returns false when it is closed. */
    boolean awaitWork() {
        lock.lock();
        try {
            while (!isClosed && !hasWork()) {
                Entry first = delayed.peek();
                if (first == null) {
                    dispatchable.awaitUninterruptibly();
                } else {
                    long unused = dispatchable.awaitNanos(Math.max(1, first.due - System.nanoTime()));
                }
            }
            return !isClosed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasWork() {
        Entry first = delayed.peek();
        boolean isDue = first != null && first.due - System.nanoTime() <= 0;
        return isDue || !arrived.isEmpty() || !rejected.isEmpty() || isDeliverable();
    }

    private boolean isDeliverable() {
        return !isPaused && !ready.isEmpty() && inFlight < maxInFlight;
    }

    /** Returns some of what has arrived and is still wanted here, in its order. */
    List<Entry> takeArrived() {
        List<Entry> taken = new ArrayList<>(CHUNK);
        locked(() -> {
            while (taken.size() < CHUNK && !arrived.isEmpty()) {
                Entry entry = arrived.remove();
                if (entry.window.isDelivering) {
                    taken.add(entry);
                }
            }
        });
        return taken;
    }

    /** Lines up what was decoded; those without a message are not wanted by the group, and finished. */
    void line(List<Entry> entries, List<@Nullable Message> messages) {
        locked(() -> {
            for (int i = 0; i < entries.size(); i++) {
                Entry entry = entries.get(i);
                Message message = messages.get(i);
                if (!entry.window.isOwned) {
                    continue;
                }
                entry.fetched = null;
                if (message == null) {
                    bytes -= entry.size;
                    entry.window.finish(entry);
                } else {
                    entry.message = message;
                    if (entry.window.line(entry, message.key())) {
                        ready.add(entry);
                    }
                }
            }
        });
    }

    /** Returns what may be delivered now. */
    List<KafkaDelivery> takeDeliverable() {
        List<KafkaDelivery> taken = new ArrayList<>();
        locked(() -> {
            bringBackDue();
            while (taken.size() < CHUNK && isDeliverable()) {
                Entry entry = ready.remove();
                if (entry.window.isDelivering && !entry.isFinished) {
                    taken.add(deliver(entry));
                }
            }
        });
        return taken;
    }

    private void bringBackDue() {
        long now = System.nanoTime();
        Entry first = delayed.peek();
        while (first != null && first.due - now <= 0) {
            delayed.remove();
            if (first.isRejected) {
                rejected.add(first);
            } else {
                ready.addFirst(first);
            }
            first = delayed.peek();
        }
    }

    private KafkaDelivery deliver(Entry entry) {
        KafkaDelivery delivery = new KafkaDelivery(this, entry);
        entry.delivery = delivery;
        inFlight++;
        entry.window.inFlight++;
        return delivery;
    }

    /** Returns what was rejected and is to be written to the dead letters. */
    List<Entry> takeRejected() {
        List<Entry> taken = new ArrayList<>();
        locked(() -> {
            rejected.removeIf(entry -> !entry.window.isOwned);
            taken.addAll(rejected);
            rejected.clear();
        });
        return taken;
    }

    /** The dead letters have it. */
    void buried(Entry entry) {
        locked(() -> {
            if (entry.window.isOwned && !entry.isFinished) {
                land(entry);
                finish(entry);
            }
        });
    }

    /** The dead letters could not be written: it stays here, uncommitted, and is tried again. */
    void notBuried(Entry entry, Duration pause) {
        locked(() -> {
            if (entry.window.isOwned) {
                delay(entry, pause);
            }
        });
    }

    // ---- whoever settles

    void ack(KafkaDelivery delivery) {
        settle(delivery, entry -> {
            land(entry);
            finish(entry);
        });
    }

    void retryLater(KafkaDelivery delivery, Duration pause) {
        settle(delivery, entry -> {
            land(entry);
            entry.attempts++;
            // Its key stays in line behind it.
            delay(entry, pause);
        });
    }

    // It stays in flight until the dead letters have it, so that nothing is committed past it before.
    void reject(KafkaDelivery delivery) {
        settle(delivery, entry -> {
            entry.isRejected = true;
            rejected.add(entry);
            dispatchable.signal();
        });
    }

    private void settle(KafkaDelivery delivery, Settlement how) {
        locked(() -> {
            Entry entry = delivery.entry;
            // Of another assignment, settled before, or after the end: the message is no longer this receiver's to settle.
            if (entry.window.isOwned && entry.delivery == delivery && !isClosed) {
                entry.delivery = null;
                how.settle(entry);
            }
        });
    }

    private void land(Entry entry) {
        inFlight--;
        if (--entry.window.inFlight == 0 && !entry.window.isDelivering) {
            settled.signalAll();
        }
    }

    private void finish(Entry entry) {
        Entry next = entry.nextOfKey;
        entry.window.leaveLine(entry);
        entry.nextOfKey = null;
        bytes -= entry.size;
        entry.window.finish(entry);
        if (next != null) {
            ready.add(next);
        }
        if (isDeliverable()) {
            dispatchable.signal();
        }
    }

    private void delay(Entry entry, Duration pause) {
        entry.due = System.nanoTime() + Math.max(0, pause.toNanos());
        delayed.add(entry);
        dispatchable.signal();
    }

    // ---- whoever owns the receiver

    void pause(boolean newIsPaused) {
        locked(() -> {
            isPaused = newIsPaused;
            dispatchable.signal();
        });
    }

    int size() {
        lock.lock();
        try {
            return windows.values().stream().mapToInt(Window::size).sum();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        locked(() -> {
            isClosed = true;
            dispatchable.signalAll();
            settled.signalAll();
        });
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    interface WindowView {
        void see(Window window, long bytesOfAll);
    }

    private interface Settlement {
        void settle(Entry entry);
    }
}
