package io.eda.broker.kafka;

import io.eda.transport.PublishException;
import io.eda.transport.PublishException.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
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
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final long SHORT_PAUSE_MILLIS = 2;
    private static final long LONG_PAUSE_MILLIS = 100;

    private final KafkaLimits limits;
    private final Topology topology;
    private final ProducerSlot producer;
    private final Pending pending;
    private final Thread sender;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    // Under the lock, from here on.
    private ArrayDeque<Publication> queue = new ArrayDeque<>();
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
        this.pending = new Pending(limits);
        this.sender = Threads.named("eda-kafka-send").newThread(this::sendUntilClosed);
    }

    void start() {
        sender.start();
        pending.start();
    }

    long deadline() {
        return System.nanoTime() + limits.publishTimeout().toNanos();
    }

    /** Accepts the publications in their order, as many as fit. */
    void accept(List<Publication> publications) {
        List<Publication> accepted = pending.admit(publications);
        boolean isDirect;
        lock.lock();
        try {
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
            publications.forEach(Publication::keep);
            queue.addAll(publications);
            isCaughtUp = false;
            work.signal();
        }
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
        } else if (publication.startSending() && !producer.send(publication, this::ended)) {
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

    private void ended(Publication publication, @Nullable Throwable failure) {
        if (failure == null) {
            pending.finish(publication);
            publication.complete(null);
        } else {
            fail(publication, failure);
        }
    }

    private void fail(Publication publication, Throwable failure) {
        pending.finish(publication);
        PublishException why = PublishFailures.of(publication, failure, producer.maxRequestSize());
        // A topic that was refused is forgotten by itself, a moment later: until then nobody asks for it again.
        if (why.reason() != Reason.TOO_LARGE && !(failure instanceof PublishException)) {
            topology.doubt(publication.destination());
        }
        publication.completeExceptionally(why);
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

    /** Accepts nothing more, waits for what is pending, and fails what is left. */
    @Override
    public void close() {
        if (!pending.drain(limits.closeTimeout())) {
            return;
        }
        lock.lock();
        try {
            isClosed = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        producer.close();
        Waiting.forEnd(sender, Duration.ofSeconds(1));
        pending.abandon();
    }
}
