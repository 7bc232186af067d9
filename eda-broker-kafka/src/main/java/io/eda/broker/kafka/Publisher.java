package io.eda.broker.kafka;

import io.eda.transport.PublishException;
import io.eda.transport.PublishException.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes publications from any thread without holding it. While nothing waits, the caller's own thread hands them to the producer, which is
 * told never to block: what it has no metadata or memory for is left to a thread of this one, and so is everything behind it until that has
 * caught up.
 *
 * <p>So one producer gets what one thread publishes in its order. What goes to a topic that is not ready yet waits by itself, so that it
 * holds up no other topic; what comes behind it for the same topic waits behind it.
 */
final class Publisher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Publisher.class);
    private static final long SWEEP_MILLIS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final long SHORT_PAUSE_MILLIS = 2;
    private static final long LONG_PAUSE_MILLIS = 100;

    private final KafkaLimits limits;
    private final Topology topology;
    private final ProducerSlot producer;
    private final Thread sender;
    private final Thread sweeper;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition ending = lock.newCondition();
    // Counted down by the driver's thread for each record, so without the lock; up under it.
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicLong pendingBytes = new AtomicLong();
    private volatile boolean isClosing;
    // Under the lock, from here on.
    private ArrayDeque<Publication> queue = new ArrayDeque<>();
    private final ArrayDeque<Publication> open = new ArrayDeque<>();
    private boolean hasNews;
    // Whether the sender has handed on all that it was given.
    private boolean isCaughtUp = true;
    private boolean isClosed;

    // The sender's alone.
    private final ParkedPublications parked = new ParkedPublications();

    Publisher(KafkaLimits limits, Topology topology, ProducerSlot producer) {
        this.limits = limits;
        this.topology = topology;
        this.producer = producer;
        this.sender = Threads.named("eda-kafka-send").newThread(this::sendUntilClosed);
        this.sweeper = Threads.named("eda-kafka-deadline").newThread(this::sweepUntilClosed);
    }

    void start() {
        sender.start();
        sweeper.start();
    }

    long deadline() {
        return System.nanoTime() + limits.publishTimeout().toNanos();
    }

    /** Accepts the publications in their order. Of those that do not fit, none overtakes an earlier one. */
    void accept(List<Publication> publications) {
        List<Publication> accepted = new ArrayList<>(publications.size());
        List<Publication> refused = new ArrayList<>();
        boolean isDirect;
        lock.lock();
        try {
            for (Publication publication : publications) {
                if (publication.isDone()) {
                    continue;
                }
                if (refused.isEmpty() && fits(publication)) {
                    pending.incrementAndGet();
                    pendingBytes.addAndGet(publication.size());
                    accepted.add(publication);
                } else {
                    refused.add(publication);
                }
            }
            open.addAll(accepted);
            isDirect = isCaughtUp && producer.isReady();
            if (!isDirect) {
                leaveToSender(accepted);
            }
        } finally {
            lock.unlock();
        }
        if (isDirect) {
            sendDirectly(accepted);
        }
        refused.forEach(this::refuse);
    }

    private void sendDirectly(List<Publication> accepted) {
        for (int i = 0; i < accepted.size(); i++) {
            if (route(accepted.get(i)).isPresent()) {
                lock.lock();
                try {
                    leaveToSender(accepted.subList(i, accepted.size()));
                } finally {
                    lock.unlock();
                }
                return;
            }
        }
    }

    private void leaveToSender(List<Publication> publications) {
        if (!publications.isEmpty()) {
            queue.addAll(publications);
            isCaughtUp = false;
            work.signal();
        }
    }

    private boolean fits(Publication publication) {
        // The first one always fits: what is too large for the limit is for the broker to judge.
        int messages = pending.get();
        boolean hasRoom =
                messages < limits.maxPending() && pendingBytes.get() + publication.size() <= limits.maxPendingBytes();
        return (messages == 0 || hasRoom) && !isClosing;
    }

    private void refuse(Publication publication) {
        publication.completeExceptionally(
                isClosing
                        ? PublishFailures.notAccepted(publication, "the transport is closed")
                        : PublishFailures.notAccepted(publication, limits));
    }

    private void sendUntilClosed() {
        ArrayDeque<Publication> taken = new ArrayDeque<>();
        while (true) {
            lock.lock();
            try {
                while (queue.isEmpty() && !hasNews && !isClosed) {
                    isCaughtUp = parked.isEmpty();
                    work.awaitUninterruptibly();
                }
                if (isClosed) {
                    return;
                }
                hasNews = false;
                ArrayDeque<Publication> swapped = queue;
                queue = taken;
                taken = swapped;
            } finally {
                lock.unlock();
            }
            try {
                parked.release(this::routeFromSender);
                taken.forEach(this::park);
            } catch (RuntimeException e) {
                // What is left of it fails by its deadline; the thread must live.
                log.atError()
                        .addKeyValue("messages", taken.size())
                        .setCause(e)
                        .log("Messages could not be handed to the driver");
            }
            taken.clear();
        }
    }

    private void park(Publication publication) {
        if (!parked.takes(publication)) {
            routeFromSender(publication).ifPresent(ready -> parked.begin(publication, ready));
        }
    }

    private Optional<CompletableFuture<Void>> routeFromSender(Publication publication) {
        Optional<CompletableFuture<Void>> notYet = route(publication);
        notYet.ifPresent(ready -> {
            var unused = ready.whenComplete((nothing, failure) -> wakeSender());
        });
        return notYet;
    }

    /** Hands it on and returns an empty value, or says what to wait for. */
    private Optional<CompletableFuture<Void>> route(Publication publication) {
        CompletableFuture<Void> ready = topology.ready(publication.destination());
        if (!ready.isDone()) {
            return Optional.of(ready);
        }
        if (ready.isCompletedExceptionally()) {
            fail(publication, ready.handle((nothing, failure) -> failure).join());
        } else if (publication.startSending() && !send(publication)) {
            publication.stopSending();
            return Optional.of(aMoment(publication));
        }
        return Optional.empty();
    }

    private CompletableFuture<Void> aMoment(Publication publication) {
        boolean takesLong = publication.isOverdue(
                System.nanoTime() + limits.publishTimeout().minus(PATIENCE).toNanos());
        if (takesLong) {
            // The topic may be gone.
            topology.doubt(publication.destination());
        }
        return new CompletableFuture<Void>()
                .completeOnTimeout(null, takesLong ? LONG_PAUSE_MILLIS : SHORT_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private boolean send(Publication publication) {
        return producer.send(publication, failure -> {
            if (failure == null) {
                finish(publication);
                publication.complete(null);
            } else {
                fail(publication, failure);
            }
        });
    }

    private void fail(Publication publication, Throwable failure) {
        finish(publication);
        PublishException why = PublishFailures.of(publication, failure, producer.maxRequestSize());
        // A topic that was refused is forgotten by itself, a moment later: until then nobody asks for it again.
        if (why.reason() != Reason.TOO_LARGE && !(failure instanceof PublishException)) {
            topology.doubt(publication.destination());
        }
        publication.completeExceptionally(why);
    }

    // Counts once for each publication, whoever ends it: the broker, the deadline or the end.
    private void finish(Publication publication) {
        if (publication.leave()) {
            pendingBytes.addAndGet(-publication.size());
            if (pending.decrementAndGet() == 0 && isClosing) {
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

    private void wakeSender() {
        lock.lock();
        try {
            hasNews = true;
            work.signal();
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

    /** Accepts nothing more, waits for what is pending, and fails what is left. */
    @Override
    public void close() {
        if (!drain(limits.closeTimeout())) {
            return;
        }
        Waiting.forEnd(sweeper, Duration.ofSeconds(1));
        producer.close();
        Waiting.forEnd(sender, Duration.ofSeconds(1));
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

    // Returns false to all but the first who closes.
    private boolean drain(Duration limit) {
        lock.lock();
        try {
            if (isClosing) {
                return false;
            }
            isClosing = true;
            awaitNothingPending(limit);
            isClosed = true;
            work.signalAll();
            ending.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void awaitNothingPending(Duration limit) {
        long left = limit.toNanos();
        try {
            while (pending.get() > 0 && left > 0) {
                left = ending.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
