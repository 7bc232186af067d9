package io.eda.broker.kafka;

import io.eda.broker.kafka.Held.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What one share consumer has acquired and not acknowledged, between the thread that polls and those that settle. The driver's
 * consumer fetches nothing new before the last of a fetch is acknowledged, so it is one batch after the other.
 */
final class ShareBatch {

    private final Guard guard = new Guard();
    private final Condition news = guard.newCondition();
    private final Map<String, Held> byPosition = new LinkedHashMap<>();
    private int atWork;
    private boolean isPaused;
    private boolean isEnded;

    // ---- the thread that polls

    /** Takes in what was acquired, to be delivered. */
    ShareDelivery deliver(Held held) {
        return guard.get(() -> {
            keep(held);
            ShareDelivery delivery = new ShareDelivery(this, held);
            held.delivery = delivery;
            return delivery;
        });
    }

    /** Takes in what was acquired, to be written elsewhere instead of being delivered. */
    void write(Held held, AcknowledgeType outcome) {
        guard.run(() -> {
            keep(held);
            toWrite(held, outcome, Duration.ZERO);
        });
    }

    private void keep(Held held) {
        byPosition.put(held.position, held);
        atWork++;
    }

    Optional<Held> find(ConsumerRecord<?, ?> record) {
        return guard.get(() -> Optional.ofNullable(byPosition.get(RecordCodec.positionOf(record))));
    }

    boolean isEmpty() {
        return guard.get(byPosition::isEmpty);
    }

    /** Returns everything that is not acknowledged. */
    List<Held> all() {
        return guard.get(() -> List.copyOf(byPosition.values()));
    }

    /** Waits until nothing is left at work and something can be told, or something is to be written; {@code nanos} at most. */
    void await(long nanos) {
        guard.run(() -> sleepUnless(this::isReady, nanos));
    }

    private boolean isReady() {
        return isEnded || isAnyDue(State.TO_WRITE) || (atWork == 0 && isAnyDue(State.DONE));
    }

    private boolean isAnyDue(State state) {
        long now = System.nanoTime();
        return byPosition.values().stream().anyMatch(held -> held.state == state && held.due - now <= 0);
    }

    /** Waits while it is paused, for {@code nanos} at most; returns whether it still is. */
    boolean awaitResumed(long nanos) {
        return guard.get(() -> {
            sleepUnless(() -> !isPaused || isEnded, nanos);
            return isPaused;
        });
    }

    private void sleepUnless(BooleanSupplier isOver, long nanos) {
        long left = nanos;
        try {
            while (left > 0 && !isOver.getAsBoolean()) {
                left = news.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns what the broker is to be told now, and forgets it. */
    List<Held> takeDone() {
        return guard.get(() -> {
            List<Held> done = taken(State.DONE, State.GONE);
            done.forEach(held -> byPosition.remove(held.position));
            return done;
        });
    }

    /** Returns what is to be written elsewhere now. */
    List<Held> takeToWrite() {
        return guard.get(() -> taken(State.TO_WRITE, State.WRITING));
    }

    private List<Held> taken(State from, State to) {
        long now = System.nanoTime();
        Predicate<Held> isTime = held -> held.state == from && held.due - now <= 0;
        List<Held> taken =
                new ArrayList<>(byPosition.values().stream().filter(isTime).toList());
        taken.forEach(held -> held.state = to);
        return taken;
    }

    /** Forgets what the broker has given to somebody else; what is settled of it later changes nothing. */
    void lose(Collection<Held> lost) {
        guard.run(() -> lost.forEach(held -> {
            if (byPosition.remove(held.position, held)) {
                atWork -= held.state == State.DONE ? 0 : 1;
                held.state = State.GONE;
            }
        }));
    }

    // ---- whoever has written

    void written(Held held) {
        guard.run(() -> {
            if (held.state == State.WRITING) {
                finish(held, held.outcome, Duration.ZERO);
            }
        });
    }

    void notWritten(Held held, Duration pause) {
        guard.run(() -> {
            if (held.state == State.WRITING) {
                toWrite(held, held.outcome, pause);
            }
        });
    }

    // ---- whoever settles

    void accept(ShareDelivery delivery) {
        settle(delivery, held -> finish(held, AcknowledgeType.ACCEPT, Duration.ZERO));
    }

    void release(ShareDelivery delivery, Duration pause) {
        settle(delivery, held -> finish(held, AcknowledgeType.RELEASE, pause));
    }

    // Acknowledged as rejected when the dead letters have it, and not before.
    void reject(ShareDelivery delivery) {
        settle(delivery, held -> toWrite(held, AcknowledgeType.REJECT, Duration.ZERO));
    }

    private void settle(ShareDelivery delivery, Consumer<Held> how) {
        guard.run(() -> {
            Held held = delivery.held;
            if (held.delivery == delivery && held.state == State.DELIVERED) {
                held.delivery = null;
                how.accept(held);
            }
        });
    }

    private void finish(Held held, AcknowledgeType outcome, Duration pause) {
        held.state = State.DONE;
        held.outcome = outcome;
        held.due = System.nanoTime() + pause.toNanos();
        atWork--;
        if (atWork == 0) {
            news.signalAll();
        }
    }

    private void toWrite(Held held, AcknowledgeType outcome, Duration pause) {
        held.state = State.TO_WRITE;
        held.outcome = outcome;
        held.due = System.nanoTime() + pause.toNanos();
        news.signalAll();
    }

    // ---- whoever owns the receiver

    void pause(boolean newIsPaused) {
        guard.run(() -> {
            isPaused = newIsPaused;
            news.signalAll();
        });
    }

    void end() {
        guard.run(() -> {
            isEnded = true;
            news.signalAll();
        });
    }
}
