package io.eda.broker.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What is published and not answered for: so much and no more of it, each until its deadline, and nothing when it is closed. */
final class Pending {

    private static final long SWEEP_MILLIS = 50;

    private final KafkaLimits limits;
    private final Thread sweeper;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ending = lock.newCondition();

    // Counted down by the driver's thread for each record, so without the lock, and apart from those who count up,
    // under it.
    private final LongAdder messages = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private volatile boolean isClosing;
    // Under the lock, from here on.
    private final ArrayDeque<Publication> open = new ArrayDeque<>();
    private boolean isClosed;

    Pending(KafkaLimits limits) {
        this.limits = limits;
        this.sweeper = Threads.named("eda-kafka-deadline").newThread(this::sweepUntilClosed);
    }

    void start() {
        sweeper.start();
    }

    /** Returns those that fit, in their order, and fails the others: of those, none overtakes an earlier one. */
    List<Publication> admit(List<Publication> publications) {
        List<Publication> admitted = new ArrayList<>(publications.size());
        List<Publication> refused = new ArrayList<>();
        lock.lock();
        try {
            // Nobody else counts up meanwhile, and what is counted down only makes more room.
            long heldMessages = messages.sum();
            long heldBytes = bytes.sum();
            long admittedBytes = 0;
            for (Publication publication : publications) {
                if (publication.isDone()) {
                    continue;
                }
                if (refused.isEmpty() && fits(publication, heldMessages + admitted.size(), heldBytes + admittedBytes)) {
                    admittedBytes += publication.size();
                    admitted.add(publication);
                } else {
                    refused.add(publication);
                }
            }
            messages.add(admitted.size());
            bytes.add(admittedBytes);
            open.addAll(admitted);
        } finally {
            lock.unlock();
        }
        refused.forEach(this::refuse);
        return admitted;
    }

    private boolean fits(Publication publication, long heldMessages, long heldBytes) {
        boolean hasRoom =
                heldMessages < limits.maxPending() && heldBytes + publication.size() <= limits.maxPendingBytes();
        // The first one always fits: what is too large for the limit is for the broker to judge.
        return (heldMessages == 0 || hasRoom) && !isClosing;
    }

    private void refuse(Publication publication) {
        publication.completeExceptionally(
                isClosing
                        ? PublishFailures.notAccepted(publication, "the transport is closed")
                        : PublishFailures.notAccepted(publication, limits));
    }

    /** Counts it no more, once, whoever ends it: the broker, the deadline or the end. */
    void finish(Publication publication) {
        if (publication.leave()) {
            bytes.add(-publication.size());
            messages.decrement();
            if (isClosing) {
                signalEnding();
            }
        }
    }

    private void signalEnding() {
        lock.lock();
        try {
            ending.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void sweepUntilClosed() {
        while (true) {
            List<Publication> overdue;
            lock.lock();
            try {
                boolean unused = ending.await(SWEEP_MILLIS, TimeUnit.MILLISECONDS);
                if (isClosed) {
                    return;
                }
                overdue = overdue();
            } catch (InterruptedException e) {
                return;
            } finally {
                lock.unlock();
            }
            overdue.forEach(this::giveUp);
        }
    }

    // All have the same time, so the oldest is due first.
    private List<Publication> overdue() {
        List<Publication> overdue = new ArrayList<>();
        long now = System.nanoTime();
        while (!open.isEmpty() && (open.element().isDone() || open.element().isOverdue(now))) {
            Publication first = open.remove();
            if (!first.isDone()) {
                overdue.add(first);
            }
        }
        return overdue;
    }

    private void giveUp(Publication publication) {
        boolean isUnsent = publication.giveUp();
        finish(publication);
        publication.completeExceptionally(PublishFailures.overdue(publication, isUnsent, limits.publishTimeout()));
    }

    /** Admits nothing more and waits until nothing is pending, but not longer than {@code limit}. Returns false to all but the first caller. */
    boolean drain(Duration limit) {
        lock.lock();
        try {
            if (isClosing) {
                return false;
            }
            isClosing = true;
            awaitNothing(limit);
            isClosed = true;
            ending.signalAll();
        } finally {
            lock.unlock();
        }
        Waiting.forEnd(sweeper, Duration.ofSeconds(1));
        return true;
    }

    private void awaitNothing(Duration limit) {
        long left = limit.toNanos();
        try {
            while (messages.sum() > 0 && left > 0) {
                left = ending.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Fails what is left. */
    void abandon() {
        List<Publication> left;
        lock.lock();
        try {
            left = List.copyOf(open);
            open.clear();
        } finally {
            lock.unlock();
        }
        left.stream().filter(publication -> !publication.isDone()).forEach(this::abandon);
    }

    private void abandon(Publication publication) {
        boolean isUnsent = publication.giveUp();
        finish(publication);
        publication.completeExceptionally(PublishFailures.abandoned(publication, isUnsent));
    }
}
