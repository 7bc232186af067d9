package io.eda.bus;

import io.eda.bus.SubscriptionStatus.State;
import io.eda.transport.Receiver;
import io.eda.transport.ReceiverStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What a subscription counts, and which of its works wait and why. Thread-safe. */
final class Health {

    private final GroupMeters meters;
    private final LongAdder handled = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder deadLettered = new LongAdder();
    private final Map<Work, Throwable> waiting = new ConcurrentHashMap<>();
    private final RecentFailures recent = new RecentFailures();

    Health(GroupMeters meters) {
        this.meters = meters;
    }

    /** The handler is about to be called with {@code work}. Returns when that is, for {@link #attempted}. */
    long begins(Work work) {
        long now = meters.now();
        meters.waited(work.receivedAt, now);
        // Later attempts wait for other reasons.
        work.receivedAt = 0;
        return now;
    }

    void attempted(boolean isHandled, long begun) {
        meters.attempted(isHandled, begun);
    }

    /** A failed attempt will be made again. */
    void retries() {
        meters.retried();
    }

    /** The store of handled events has said something about {@code work}: counted once for each time that it is asked. */
    void answered(Work work, GroupMeters.Answer answer) {
        if (!work.isAnswerTold) {
            work.isAnswerTold = true;
            meters.answered(answer);
        }
    }

    void handled(Work work) {
        handled.increment();
        recent.ended(work, FailedAttempts.State.HANDLED);
        recovered(work);
    }

    /** An attempt has failed, and the work waits for another one. */
    void failed(Work work, Throwable failure) {
        failed.increment();
        waits(work, failure);
    }

    /** The work waits for something else than its handler. */
    void waits(Work work, Throwable why) {
        work.isWaiting = true;
        waiting.put(work, why);
    }

    void recovered(Work work) {
        if (work.isWaiting) {
            work.isWaiting = false;
            waiting.remove(work);
        }
    }

    /** What the failure adds up to, with those before it. */
    void remember(Work work, Failures failures) {
        recent.failed(work, failures);
    }

    Optional<FailedAttempts> failuresOf(UUID eventId) {
        return recent.of(eventId);
    }

    void deadLettered(Work work) {
        meters.deadLettered();
        deadLettered.increment();
        recent.ended(work, FailedAttempts.State.GIVEN_UP);
        recovered(work);
    }

    /** A replay has failed again: counted when it was parked, and not another time. */
    void staysParked(Work work) {
        recent.ended(work, FailedAttempts.State.GIVEN_UP);
        recovered(work);
    }

    void parked(Work work) {
        meters.parked();
        deadLettered.increment();
        staysParked(work);
    }

    SubscriptionStatus status(String group, boolean isOpen, Flow flow, Probe probe, @Nullable Receiver receiver) {
        Optional<ReceiverStatus> reception = Optional.ofNullable(receiver).map(Receiver::status);
        List<String> keys = waiting.keySet().stream()
                .limit(SubscriptionStatus.MAX_KEYS)
                .map(Work::key)
                .toList();
        return new SubscriptionStatus(
                group,
                state(isOpen, flow, probe, reception),
                handled.sum(),
                failed.sum(),
                deadLettered.sum(),
                flow.inFlight(),
                waiting.size(),
                keys,
                reception.flatMap(ReceiverStatus::failure).or(() -> waiting.values().stream()
                        .findFirst()),
                reception.map(ReceiverStatus::lag).orElse(OptionalLong.empty()));
    }

    // The worst comes first: what a person should look at.
    private State state(boolean isOpen, Flow flow, Probe probe, Optional<ReceiverStatus> reception) {
        if (!isOpen) {
            return State.CLOSED;
        }
        if (reception.isEmpty()) {
            return State.STARTING;
        }
        if (!reception.get().isReceiving()) {
            return reception.get().failure().isPresent() ? State.FAILED : State.STARTING;
        }
        if (probe.isProbing()) {
            return State.PROBING;
        }
        if (waiting.keySet().stream().anyMatch(work -> work.isBlocked)) {
            return State.BLOCKED;
        }
        return flow.isPaused() ? State.PAUSED : State.CONSUMING;
    }
}
