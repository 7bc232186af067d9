package io.eda.observation;

import io.eda.bus.EventBus;
import io.eda.bus.Subscription;
import io.eda.idempotency.IdempotencyStore;
import io.eda.outbox.OutboxRelay;
import io.eda.projection.ProjectionRunner;
import io.eda.store.EventStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks each part how it is.
 *
 * <ul>
 *   <li><b>In time.</b> An answer comes within the timeout, whatever hangs; a part that has not answered by then is down.
 *   <li><b>Never an error.</b> What a part throws is its reason.
 *   <li><b>Cheap.</b> One question to each part, at the same time; a part that has not answered the last one is not asked again.
 *   <li><b>Nothing secret</b> and no data of events: of errors of handlers the class alone is told.
 * </ul>
 *
 * <p>Its threads start with the first question and end when nobody asks for a while. Thread-safe.
 */
public final class HealthChecks implements AutoCloseable {

    private final Duration timeout;
    private final List<HealthCheck> checks;
    private final ExecutorService threads;

    private HealthChecks(Builder builder) {
        this.timeout = builder.timeout;
        this.checks = List.copyOf(builder.checks);
        this.threads = Executors.newCachedThreadPool(daemons());
    }

    /** Returns checks to choose. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns how each part is, in the order in which they were added. */
    public List<Health> check() {
        long deadline = System.nanoTime() + timeout.toNanos();
        checks.forEach(check -> check.begin(threads));
        return checks.stream().map(check -> check.await(deadline)).toList();
    }

    /** Asks no more. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static ThreadFactory daemons() {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "eda-health-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Says what is asked. Not thread-safe. */
    public static final class Builder {

        private final List<HealthCheck> checks = new ArrayList<>();
        private Duration timeout = Duration.ofSeconds(1);
        private long maxLag = 100_000;

        private Builder() {}

        /** Sets how long a part may take to answer. Default 1 second. */
        public Builder timeout(Duration newTimeout) {
            if (newTimeout.isNegative() || newTimeout.isZero()) {
                throw new IllegalArgumentException(
                        "Health within " + newTimeout + ": give the parts some time to answer, such as 1 second");
            }
            this.timeout = newTimeout;
            return this;
        }

        /** Sets how many positions the projections and relays that are added later may be behind. Default 100 000. */
        public Builder maxLag(long positions) {
            this.maxLag = positions;
            return this;
        }

        /** Adds the store of events, which is asked for an aggregate that there is not. */
        public Builder store(EventStorage storage) {
            checks.add(HealthProbes.store(storage));
            return this;
        }

        /** Adds a projection: whether it stands, how far it is behind, and what it has parked. */
        public Builder projection(ProjectionRunner<?> runner) {
            checks.add(HealthProbes.projection(runner, maxLag));
            return this;
        }

        /** Adds a relay: whether it stands, and how far it is behind. */
        public Builder relay(OutboxRelay relay) {
            checks.add(HealthProbes.relay(relay, maxLag));
            return this;
        }

        /** Adds a subscription: whether it receives, and whether aggregates wait. */
        public Builder subscription(Subscription subscription) {
            checks.add(HealthProbes.subscription(subscription));
            return this;
        }

        /** Adds the dead letters of a group: whether one waits. Asks the broker. */
        public Builder deadLetters(EventBus bus, String group) {
            checks.add(HealthProbes.deadLetters(bus, group));
            return this;
        }

        /** Adds a store of handled events, which is asked for an event that there is not. */
        public Builder deduplication(IdempotencyStore store) {
            checks.add(HealthProbes.deduplication(store));
            return this;
        }

        /** Returns the checks. */
        public HealthChecks build() {
            return new HealthChecks(this);
        }
    }
}
