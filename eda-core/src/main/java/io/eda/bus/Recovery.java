package io.eda.bus;

import io.eda.retry.RetryPolicy;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides about a work that has failed: again at once, again later, or what the options say of those that are used up. */
final class Recovery {

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private final SubscriptionOptions options;
    private final BooleanSupplier isOpen;
    private final Workers workers;
    private final Probe probe;
    private final Health health;
    private final Exit exit;
    private final Exit replayExit;
    private final Clock clock;

    Recovery(
            SubscriptionOptions options,
            BooleanSupplier isOpen,
            Workers workers,
            Probe probe,
            Health health,
            Exit exit,
            Exit replayExit,
            Clock clock) {
        this.options = options;
        this.isOpen = isOpen;
        this.workers = workers;
        this.probe = probe;
        this.health = health;
        this.exit = exit;
        this.replayExit = replayExit;
        this.clock = clock;
    }

    /** No handler can see it. Returns whether the work is over. */
    boolean undecodable(Work work, RuntimeException failure) {
        return used(work, DeadLetter.Reason.UNDECODABLE, noted(work, failure));
    }

    /** Its handler has failed. Returns whether the work is over. */
    boolean failed(Work work, Throwable failure) {
        if (!isOpen.getAsBoolean()) {
            // The interrupt of close() is no failure of the event: it is given back, uncounted.
            return false;
        }
        Failures failures = noted(work, failure);
        RetryPolicy policy = options.retry();
        if (!policy.mayHelp(failure)) {
            return used(work, DeadLetter.Reason.NOT_RETRYABLE, failures);
        }
        if (!work.isBlocked) {
            // One that is known to be bad, and is tried for ever, says nothing about the others.
            probe.failed(failure);
        }
        // While it probes, the event waits for the others' sake: that time is not counted.
        Duration since = probe.isProbing() ? Duration.ZERO : failures.since(System.nanoTime());
        Optional<Duration> pause = policy.pauseAfter(failures.count(), since, failure, ThreadLocalRandom.current());
        if (pause.isEmpty()) {
            return used(work, DeadLetter.Reason.EXHAUSTED, failures);
        }
        log.debug("'{}' failed on {}", options.group(), work.message(), failure);
        health.retries();
        workers.resumeAfter(work, pause.get().toNanos());
        return false;
    }

    private Failures noted(Work work, Throwable failure) {
        health.failed(work, failure);
        Failures failures = work.failures;
        if (failures == null) {
            // What the transport knows of earlier attempts counts; but one is always made here, because a crash
            // counts against all that was delivered, also against what no handler had seen.
            int before = Math.min(work.delivery.attempt(), options.retry().attempts()) - 1;
            failures = new Failures(Math.max(0, before), failure, clock.instant(), System.nanoTime());
            work.failures = failures;
        } else {
            failures.add(failure, clock.instant());
        }
        health.remember(work, failures);
        return failures;
    }

    private boolean used(Work work, DeadLetter.Reason reason, Failures failures) {
        if (!work.isBlocked) {
            log.atWarn()
                    .addKeyValue("group", options.group())
                    .addKeyValue("eventType", work.message().type())
                    .addKeyValue("messageId", work.message().id())
                    .addKeyValue("reason", reason)
                    .addKeyValue("attempts", failures.count())
                    .setCause(failures.latest())
                    .log(
                            "'{}' has failed {} times on {}, and does with it: {}",
                            options.group(),
                            failures.count(),
                            work.message(),
                            options.exhausted());
        }
        if (options.exhausted() == Exhausted.BLOCK && !work.isReplay) {
            health.retries();
        }
        return (work.isReplay ? replayExit : exit).leave(work, reason, failures);
    }
}
