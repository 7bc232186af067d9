package io.eda.bus;

import io.eda.bus.SubscriptionStatus.State;
import io.eda.telemetry.Gauges;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the members of one group count together, once their bus is bound to a registry; until then each method reads one field. The gauges are
 * there while there is a member. Thread-safe.
 */
final class GroupMeters {

    /** What a store of handled events said. */
    enum Answer {
        GRANTED,
        DUPLICATE,
        IN_PROGRESS,
        ERROR;

        final String tag = name().toLowerCase(Locale.ROOT);
    }

    private final String group;
    private final List<Subscription> members = new CopyOnWriteArrayList<>();
    private volatile @Nullable Bound bound;

    GroupMeters(String group) {
        this.group = group;
    }

    synchronized void bindTo(MeterRegistry registry) {
        Bound meters = new Bound(registry, group);
        bound = meters;
        if (!members.isEmpty()) {
            meters.open(members);
        }
    }

    synchronized void join(Subscription member) {
        members.add(member);
        Bound meters = bound;
        if (meters != null && members.size() == 1) {
            meters.open(members);
        }
    }

    synchronized void leave(Subscription member) {
        boolean wasHere = members.remove(member);
        Bound meters = bound;
        if (wasHere && meters != null && members.isEmpty()) {
            meters.gauges.close();
        }
    }

    /** Returns what time it is, or 0 where nobody wants to know. */
    long now() {
        return bound == null ? 0 : System.nanoTime();
    }

    void waited(long since, long until) {
        Bound meters = bound;
        if (meters != null && since != 0 && until != 0) {
            meters.wait.record(until - since, TimeUnit.NANOSECONDS);
        }
    }

    void attempted(boolean isHandled, long begun) {
        Bound meters = bound;
        if (meters != null && begun != 0) {
            (isHandled ? meters.handled : meters.failed).record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        }
    }

    void retried() {
        Bound meters = bound;
        if (meters != null) {
            meters.retries.increment();
        }
    }

    void deadLettered() {
        Bound meters = bound;
        if (meters != null) {
            meters.deadLetters.increment();
        }
    }

    void parked() {
        Bound meters = bound;
        if (meters != null) {
            meters.parked.increment();
        }
    }

    void answered(Answer answer) {
        Bound meters = bound;
        Counter counter = meters == null ? null : meters.claims.get(answer);
        if (counter != null) {
            counter.increment();
        }
    }

    private static final class Bound {

        private final MeterRegistry registry;
        private final Tags tags;
        private final Timer handled;
        private final Timer failed;
        private final Timer wait;
        private final Counter retries;
        private final Counter deadLetters;
        private final Counter parked;
        private final Map<Answer, Counter> claims = new EnumMap<>(Answer.class);
        private final Gauges gauges;

        private Bound(MeterRegistry registry, String group) {
            this.registry = registry;
            tags = Tags.of("group", group);
            handled = attempts("handled");
            failed = attempts("failed");
            wait = Timer.builder("eda.bus.wait")
                    .description("From the delivery of an event to the first call of its handler")
                    .tags(tags)
                    .register(registry);
            retries = counter("eda.bus.retries", "Attempts that failed and are made again");
            deadLetters = counter("eda.bus.dead.letters", "Events that went to the dead letters");
            parked = Counter.builder("eda.bus.parked")
                    .description("Events parked, with those behind them")
                    .baseUnit("events")
                    .tags(tags)
                    .register(registry);
            for (Answer answer : Answer.values()) {
                claims.put(
                        answer,
                        Counter.builder("eda.bus.claims")
                                .description("What the store of handled events said")
                                .tags(tags)
                                .tag("answer", answer.tag)
                                .register(registry));
            }
            gauges = new Gauges(registry, tags);
        }

        private Timer attempts(String outcome) {
            return Timer.builder("eda.bus.handle")
                    .description("Calls of the handler with one delivery")
                    .tags(tags)
                    .tag("outcome", outcome)
                    .register(registry);
        }

        private Counter counter(String name, String description) {
            return Counter.builder(name).description(description).tags(tags).register(registry);
        }

        private void open(List<Subscription> members) {
            gauges.add("eda.bus.inflight", "events", "Events received and not settled", () -> members.stream()
                            .mapToInt(member -> member.status().inFlight())
                            .sum())
                    .add("eda.bus.waiting", "Aggregates that wait because of a failure", () -> members.stream()
                            .mapToInt(member -> member.status().waiting())
                            .sum())
                    .add("eda.bus.lag", "events", "Events that wait at the broker, as last heard", () -> lag(members))
                    .add(
                            "eda.bus.receiving",
                            "Whether all members here receive",
                            () -> members.stream()
                                            .allMatch(member ->
                                                    isReceiving(member.status().state()))
                                    ? 1
                                    : 0);
        }

        private static double lag(List<Subscription> members) {
            return members.stream()
                    .map(member -> member.status().lag())
                    .mapToDouble(lag -> lag.isPresent() ? lag.getAsLong() : Double.NaN)
                    .sum();
        }

        private static boolean isReceiving(State state) {
            return state != State.STARTING && state != State.FAILED && state != State.CLOSED;
        }
    }
}
