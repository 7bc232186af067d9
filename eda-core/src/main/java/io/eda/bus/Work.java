package io.eda.bus;

import io.eda.event.EventRecord;
import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.micrometer.observation.Observation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One delivery on its way through the pipeline, and what has become of it so far. Not thread-safe: whoever runs its lane has it
 * alone, and the lock of {@link Lanes} hands it on.
 */
final class Work {

    final Delivery delivery;

    /** What is done with it when its lane comes to it. */
    Stage stage;

    /** The lane in which it stands, and who stands behind it. */
    @Nullable
    Lane lane;

    @Nullable
    Work next;

    /** What it holds, once its envelope was read. */
    @Nullable
    EventRecord record;

    /** How many of its events were handled, where an upcaster made several of it: a new attempt does not repeat them. */
    int partsDone;

    @Nullable
    Failures failures;

    @Nullable
    HeldClaim claim;

    /** What was asked about its key being parked, where the options park keys. */
    Parking.@Nullable Check check;

    /** The answer that it waits for outside of a handler: of the dead letters, or of the store of parked messages. */
    @Nullable
    CompletableFuture<?> answer;

    /** It was parked, and comes from the store of parked messages. */
    final boolean isReplay;

    /** It keeps no order: nothing waits for it, and it waits for nothing. */
    boolean isAlone;

    /** What its handler has made of it, to be published when it is acknowledged. */
    List<Message> outputs = List.of();
    /** When it came, in nanoseconds; 0 where nobody wants to know, or when it has been told. */
    long receivedAt;

    /** What tracers hear of it, until it is settled. */
    Observation trace = Observation.NOOP;

    /** What the store of handled events said about it was counted. */
    boolean isAnswerTold;

    /** It is told as waiting, or even blocked, in the status. */
    boolean isWaiting;

    volatile boolean isBlocked;

    Work(Delivery delivery, Stage stage, boolean isReplay) {
        this.delivery = delivery;
        this.stage = stage;
        this.isReplay = isReplay;
    }

    Message message() {
        return delivery.message();
    }

    String key() {
        return message().topic() + "/" + message().key();
    }

    /** Whose order it keeps. What is replayed has an order of its own: what arrives meanwhile is parked behind. */
    Lane.Key laneKey() {
        String topic = isReplay ? "replay of " + message().topic() : message().topic();
        return new Lane.Key(topic, isAlone ? delivery.position() : message().key());
    }

    Lane laneOrThrow() {
        if (lane == null) {
            throw new IllegalStateException("The work on " + message() + " stands in no lane");
        }
        return lane;
    }

    /** It is done with here: tracers need not wait for more. */
    void endTrace() {
        Observation ending = trace;
        trace = Observation.NOOP;
        ending.stop();
    }

    /** One step of the pipeline. */
    interface Stage {

        /**
         * Goes as far as it can without waiting. Returns whether the work is over, so that the next one of its key may begin;
         * where it is not, {@link Lanes#resume} is called once when it can go on, perhaps before this returns.
         */
        boolean run(Work work);
    }
}
