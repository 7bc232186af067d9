package io.eda.projection;

import io.eda.event.AggregateId;
import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.store.EventPage;
import io.eda.store.EventStore;
import io.eda.store.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions to a read model that are answered again when the row that they ask for was updated.
 *
 * <ul>
 *   <li><b>After the commit.</b> An answer is asked for when the read model shows the event.
 *   <li><b>Nothing is lost</b> between the first answer and the next one; answers of one subscriber come one after the other, and never an
 *       older one behind a newer one. The same answer may come twice.
 *   <li><b>On every node</b>, whichever node runs the projection: this follows the events, not the projection.
 * </ul>
 *
 * <p>Answers are asked for and delivered in one thread, and in that of the subscriber for the first one: be quick.
 * Thread-safe. Closing ends all subscriptions.
 */
public final class LiveQueries implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LiveQueries.class);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ProjectionRunner<?> runner;
    private final EventStore store;
    private final Set<Watch<?>> watches = ConcurrentHashMap.newKeySet();
    private final Follower follower;

    private LiveQueries(ProjectionRunner<?> runner, EventStore store, long from) {
        this.runner = runner;
        this.store = store;
        this.follower =
                new Follower(runner.feed("-live"), FollowOptions.defaults(), new Pages(from), new Follower.Listener() {
                    @Override
                    public void moved() {}

                    @Override
                    public void ended() {}
                });
    }

    /**
     * Begins to watch what {@code runner} shows of {@code store}, in a thread of its own.
     *
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public static LiveQueries start(ProjectionRunner<?> runner, EventStore store) throws InterruptedException {
        // Before anybody can watch: an event between a first answer and a later start of the thread would be lost.
        long from = store.storage().awaitVisible(Long.MAX_VALUE, Duration.ZERO);
        LiveQueries started = new LiveQueries(runner, store, from);
        started.follower.start();
        return started;
    }

    /** As the other one, for a row that is changed by the events of one aggregate. */
    public <R> AutoCloseable watch(AggregateId row, Supplier<R> question, Consumer<R> onAnswer) {
        return watch(event -> event.aggregateId().equals(row), question, onAnswer);
    }

    /**
     * Answers {@code question} at once, and again after every event that {@code concerns} it, until what is returned is closed.
     *
     * @param concerns tells the events that change what is asked for
     * @param question asks the read model
     * @param onAnswer gets the answers; what it throws is logged
     */
    public <R> AutoCloseable watch(Predicate<Event<?>> concerns, Supplier<R> question, Consumer<R> onAnswer) {
        Watch<R> watch = new Watch<>(concerns, question, onAnswer);
        // Before the first answer: an event that it does not show yet finds the watch.
        watches.add(watch);
        try {
            watch.answer();
        } catch (RuntimeException e) {
            watches.remove(watch);
            throw e;
        }
        return () -> watches.remove(watch);
    }

    /** Ends all subscriptions. Idempotent. */
    @Override
    public void close() {
        watches.clear();
        follower.close();
    }

    private final class Pages implements PageHandler {

        private long done;

        private Pages(long from) {
            this.done = from;
        }

        @Override
        public long load() {
            return done;
        }

        @Override
        public void handle(EventPage page) throws InterruptedException {
            if (!watches.isEmpty() && !page.events().isEmpty()) {
                List<Event<?>> events = new ArrayList<>();
                for (StoredEvent<EventRecord> stored : page.events()) {
                    events.addAll(store.serializer().deserialize(stored.event()));
                }
                // A projection that stands lets this wait and try again, from the same place.
                runner.awaitPosition(page.events().get(page.events().size() - 1).position(), PATIENCE);
                watches.forEach(watch -> watch.look(events));
            }
            done = page.position();
        }
    }

    private static final class Watch<R> {

        private final Predicate<Event<?>> concerns;
        private final Supplier<R> question;
        private final Consumer<R> onAnswer;
        // Held from the question to the delivery: no older answer overtakes a newer one.
        private final ReentrantLock answering = new ReentrantLock();

        private Watch(Predicate<Event<?>> concerns, Supplier<R> question, Consumer<R> onAnswer) {
            this.concerns = concerns;
            this.question = question;
            this.onAnswer = onAnswer;
        }

        private void look(List<Event<?>> events) {
            try {
                if (events.stream().anyMatch(concerns)) {
                    answer();
                }
            } catch (RuntimeException e) {
                log.warn("A subscriber to a query failed; the next change is told to it as well", e);
            }
        }

        private void answer() {
            answering.lock();
            try {
                onAnswer.accept(question.get());
            } finally {
                answering.unlock();
            }
        }
    }
}
