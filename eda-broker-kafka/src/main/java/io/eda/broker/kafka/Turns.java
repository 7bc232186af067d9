package io.eda.broker.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is among the entries of one receiver: those to deliver, to deliver later, to write to the dead
 * letters. Entries of a partition that is gone are left out when their turn comes. Guarded by the lock of the backlog.
 */
final class Turns {

    private final int maxInFlight;
    private final Deque<Entry> ready = new ArrayDeque<>();
    private final PriorityQueue<Entry> delayed = new PriorityQueue<>(
            Comparator.comparingLong((Entry entry) -> entry.due).thenComparing(e -> e.offset));
    private final Deque<Entry> rejected = new ArrayDeque<>();
    private int inFlight;
    private boolean isPaused;

    Turns(int maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    void pause(boolean newIsPaused) {
        isPaused = newIsPaused;
    }

    void ready(Entry entry) {
        ready.add(entry);
    }

    void reject(Entry entry) {
        entry.isRejected = true;
        rejected.add(entry);
    }

    void delay(Entry entry, Duration pause) {
        entry.due = System.nanoTime() + Math.max(0, pause.toNanos());
        delayed.add(entry);
    }

    boolean hasWork() {
        return nanosToDelayed() == 0 || !rejected.isEmpty() || isDeliverable();
    }

    boolean isDeliverable() {
        return !isPaused && !ready.isEmpty() && inFlight < maxInFlight;
    }

    /** Returns how long it is until a delayed one is due, 0 where one is, and -1 where none is delayed. */
    long nanosToDelayed() {
        Entry first = delayed.peek();
        return first == null ? -1 : Math.max(0, first.due - System.nanoTime());
    }

    List<Entry> takeRejected() {
        bringBackDue();
        rejected.removeIf(entry -> !entry.window.isOwned);
        List<Entry> taken = List.copyOf(rejected);
        rejected.clear();
        return taken;
    }

    /** Returns how many may be delivered. */
    int deliverable() {
        return isDeliverable() ? Math.min(ready.size(), maxInFlight - inFlight) : 0;
    }

    /** Returns the next one to deliver, which is in flight from now on; null where there is none. */
    @Nullable
    Entry takeDeliverable() {
        bringBackDue();
        while (isDeliverable()) {
            Entry entry = ready.remove();
            if (entry.window.isDelivering) {
                inFlight++;
                entry.window.inFlight++;
                return entry;
            }
        }
        return null;
    }

    private void bringBackDue() {
        while (nanosToDelayed() == 0) {
            Entry entry = delayed.remove();
            if (entry.isRejected) {
                rejected.add(entry);
            } else {
                // Before those that became ready meanwhile: it has waited longer.
                ready.addFirst(entry);
            }
        }
    }

    /** Says that {@code entry} is in flight no more. */
    void land(Entry entry) {
        inFlight--;
        entry.window.inFlight--;
    }

    /** Says that nothing of {@code window} is in flight any more. */
    void landAll(Window window) {
        inFlight -= window.inFlight;
    }
}
