package io.eda.observation;

import io.eda.bus.DeadLetter;
import io.eda.bus.EventBus;
import io.eda.bus.Subscription;
import io.eda.bus.SubscriptionStatus;
import io.eda.bus.SubscriptionStatus.State;
import io.eda.event.AggregateId;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import io.eda.observation.Health.Status;
import io.eda.outbox.EventNotPublishedException;
import io.eda.outbox.OutboxRelay;
import io.eda.projection.EventNotHandledException;
import io.eda.projection.Progress;
import io.eda.projection.ProjectionRunner;
import io.eda.store.EventStorage;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What is asked of each kind of part, and what its answers mean. */
final class HealthProbes {

    private static final AggregateId NOBODY = AggregateId.of("eda-health", "nobody");
    private static final String STORE_HINT =
            "Look at the database: does it run, has it connections left, and disk? Until it"
                    + " answers, commands fail; what was acknowledged is kept.";
    private static final String CLAIMS_HINT =
            "Look at the store of handled events. Until it answers, events wait, or are handled"
                    + " twice where the deduplication fails open; none is lost.";
    private static final String BROKER_HINT =
            "Look at the broker, and at the account that connects to it. Nothing is lost: it connects again by itself.";

    private HealthProbes() {}

    static HealthCheck store(EventStorage storage) {
        String part = "store";
        return new HealthCheck(part, STORE_HINT, () -> {
            long begun = System.nanoTime();
            storage.readAggregate(NOBODY, 1, 1);
            return Health.up(part, "it answered in " + (System.nanoTime() - begun) / 1_000_000 + " ms");
        });
    }

    static HealthCheck projection(ProjectionRunner<?> runner, long maxLag) {
        String part = "projection " + runner.feed().name();
        return new HealthCheck(part, STORE_HINT, () -> {
            Health health = following(part, runner.progress(), maxLag);
            if (health.status() != Status.UP) {
                return health;
            }
            int parked = runner.parked().aggregates().size();
            return parked == 0
                    ? health
                    : new Health(
                            part,
                            Status.DEGRADED,
                            "events of " + parked + " aggregates are parked",
                            "See ProjectionRunner.parked().list: correct the reason, then replay or drop them.");
        });
    }

    static HealthCheck relay(OutboxRelay relay, long maxLag) {
        String part = "relay " + relay.feed().name();
        return new HealthCheck(part, STORE_HINT, () -> following(part, relay.progress(), maxLag));
    }

    private static Health following(String part, Progress progress, long maxLag) {
        String place = "position " + progress.position() + " of " + progress.visiblePosition();
        if (progress.failure().isPresent()) {
            Throwable why = progress.failure().get();
            return new Health(part, Status.DOWN, "it stands at " + place + ": " + reasonOf(why), hintFor(why));
        }
        if (progress.lag() > maxLag) {
            return new Health(
                    part,
                    Status.DEGRADED,
                    "it is at " + place + ", more than " + maxLag + " behind",
                    "Look whether it moves: if it does, it catches up; if it gets further behind, use more shards.");
        }
        return Health.up(part, "it is at " + place);
    }

    // The text of a handler's error may hold data of an event; its class does not.
    private static String reasonOf(Throwable why) {
        if (why instanceof EventNotHandledException e) {
            return "event " + e.event().event().eventId() + " of type "
                    + e.event().event().eventType() + " failed " + e.attempts() + " times with "
                    + classOf(e.getCause());
        }
        if (why instanceof EventNotPublishedException e) {
            return "event " + e.event().event().eventId() + " could not be published: " + e.getCause();
        }
        return why.toString();
    }

    private static String hintFor(Throwable why) {
        if (why instanceof EventNotHandledException) {
            return "Correct the handler or the read model, then call resume(); or let its policy park such events.";
        }
        return why instanceof EventNotPublishedException ? BROKER_HINT : STORE_HINT;
    }

    static HealthCheck subscription(Subscription subscription) {
        String part = "subscription " + subscription.status().group();
        return new HealthCheck(part, BROKER_HINT, () -> subscribed(part, subscription.status()));
    }

    private static Health subscribed(String part, SubscriptionStatus status) {
        if (status.state() == State.FAILED) {
            String why = status.lastFailure().map(Throwable::toString).orElse("the transport does not say why");
            return new Health(part, Status.DOWN, "it does not receive: " + why, BROKER_HINT);
        }
        if (status.state() == State.CLOSED) {
            return new Health(part, Status.DOWN, "it is closed", "Subscribe again, or take it out of the checks.");
        }
        if (status.isHealthy()) {
            return Health.up(part, "it is " + status.state() + ", with " + status.inFlight() + " events in flight");
        }
        String why = status.lastFailure().map(HealthProbes::classOf).orElse("");
        return new Health(
                part,
                Status.DEGRADED,
                "it is " + status.state() + ", and " + status.waiting() + " aggregates wait"
                        + (why.isEmpty() ? "" : " because of " + why),
                "Look for the error in the log. The events are tried again by themselves.");
    }

    static HealthCheck deadLetters(EventBus bus, String group) {
        String part = "dead letters " + group;
        return new HealthCheck(part, BROKER_HINT, () -> {
            List<DeadLetter> oldest = bus.deadLetters(group).list(1);
            if (oldest.isEmpty()) {
                return Health.up(part, "there is none");
            }
            DeadLetter letter = oldest.get(0);
            return new Health(
                    part,
                    Status.DEGRADED,
                    "at least one waits: " + letter.message().type() + " "
                            + letter.message().id() + ", " + letter.reason() + " after " + letter.attempts()
                            + " attempts, with " + letter.exception(),
                    "Correct the reason, then EventBus.deadLetters(group).replay or drop it.");
        });
    }

    static HealthCheck deduplication(IdempotencyStore store) {
        String part = "deduplication";
        return new HealthCheck(part, CLAIMS_HINT, () -> {
            long begun = System.nanoTime();
            try {
                var unused = store.look(new IdempotencyKey("eda-health", new UUID(0, 0)))
                        .get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof UnsupportedOperationException unsupported) {
                    return new Health(part, Status.UNKNOWN, "it cannot be asked: " + unsupported.getMessage(), "");
                }
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
            return Health.up(part, "it answered in " + (System.nanoTime() - begun) / 1_000_000 + " ms");
        });
    }

    private static String classOf(@Nullable Throwable failure) {
        return failure == null ? "an unknown error" : failure.getClass().getName();
    }
}
