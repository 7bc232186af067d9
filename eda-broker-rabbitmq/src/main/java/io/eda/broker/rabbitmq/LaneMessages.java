package io.eda.broker.rabbitmq;

import com.rabbitmq.client.ShutdownSignalException;
import io.eda.transport.PublishException;
import io.eda.transport.PublishException.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The messages of one lane: waiting, then written, then answered. Guarded by the lock of the lane.
 *
 * <p>What a dead channel had written and not answered goes back to the head of what waits, in its order. What fails for now takes
 * with it what waits behind it under the same key: written, that would overtake it when the caller publishes it again.
 */
final class LaneMessages {

    private static final int BATCH = 64;

    private final RabbitMqPublishing options;
    private final PublishAnswers answers;
    private final int maxUnconfirmed;
    private final long maxUnconfirmedBytes;

    private final Deque<PendingPublish> waiting = new ArrayDeque<>();
    private final Unconfirmed unconfirmed = new Unconfirmed();

    LaneMessages(RabbitMqPublishing options, PublishAnswers answers) {
        this.options = options;
        this.answers = answers;
        this.maxUnconfirmed = Math.max(1, options.maxUnconfirmed() / options.channels());
        this.maxUnconfirmedBytes = Math.max(1, options.maxUnconfirmedBytes() / options.channels());
    }

    void add(List<PendingPublish> publishes) {
        waiting.addAll(publishes);
    }

    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    boolean isIdle() {
        return waiting.isEmpty() && unconfirmed.size() == 0;
    }

    int unconfirmed() {
        return unconfirmed.size();
    }

    /** Whether the next one may be written; one that is larger than the window goes alone. */
    boolean hasRoom() {
        if (waiting.isEmpty() || unconfirmed.size() == 0) {
            return !waiting.isEmpty();
        }
        return unconfirmed.size() < maxUnconfirmed
                && unconfirmed.bytes() + waiting.element().size <= maxUnconfirmedBytes;
    }

    /** Takes what is to be written now, and remembers it by its sequence number. */
    List<PendingPublish> take(PublishChannel open) {
        List<PendingPublish> batch = new ArrayList<>(BATCH);
        long sequence = open.nextSequence();
        while (batch.size() < BATCH && hasRoom()) {
            PendingPublish next = waiting.remove();
            if (fits(next, open.frameMax())) {
                // Before it is written: its confirm may be here before the write returns.
                next.isWritten = true;
                unconfirmed.add(sequence++, next);
                batch.add(next);
            }
        }
        return batch;
    }

    /** The client would number such a message, and then fail to write it: all later confirms would be one off. */
    private boolean fits(PendingPublish next, int frameMax) {
        int headers = next.size - next.body.length;
        if (headers <= frameMax) {
            return true;
        }
        answers.fail(
                next,
                next.failure(
                        Reason.TOO_LARGE,
                        "its headers take up to " + headers + " bytes, and must fit into one frame of " + frameMax
                                + ": make them fewer or shorter, or raise frame_max"));
        return false;
    }

    void accepted(PublishChannel from, long sequence, boolean isMultiple) {
        answers.complete(unconfirmed.answered(sequence, isMultiple), from);
    }

    void notAccepted(long sequence, boolean isMultiple) {
        for (PendingPublish publish : unconfirmed.answered(sequence, isMultiple)) {
            fail(
                    publish,
                    publish.failure(
                            Reason.UNAVAILABLE,
                            "the broker did not take it: a queue is full, or has lost its majority. Publish it again later",
                            new NotTakenException()));
        }
    }

    void channelDied(ShutdownSignalException cause) {
        List<PendingPublish> open =
                unconfirmed.all().stream().filter(p -> !p.isAnswered).toList();
        unconfirmed.clear();
        List<PendingPublish> again = ChannelDeath.of(cause, options, this::fail).survivors(open);
        for (int i = again.size() - 1; i >= 0; i--) {
            waiting.addFirst(again.get(i));
        }
    }

    private void fail(PendingPublish failed, PublishException failure) {
        answers.fail(failed, failure);
        if (failure.isPermanent() || waiting.isEmpty()) {
            return;
        }
        waiting.removeIf(later -> {
            boolean follows = later != failed && later.key.equals(failed.key);
            if (follows) {
                answers.fail(
                        later,
                        later.failure(
                                Reason.UNAVAILABLE,
                                "an earlier message of its key failed, which it would overtake",
                                failure));
            }
            return follows;
        });
    }

    /** Fails what waits, because the broker refuses everything. */
    void refuseWaiting(RabbitMqRefusedException refusal) {
        for (PendingPublish publish : waiting) {
            answers.fail(publish, publish.failure(Reason.REFUSED, String.valueOf(refusal.getMessage()), refusal));
        }
        waiting.clear();
    }

    /** Fails what is over its deadline; {@code standing} tells why it was not written. */
    void expire(String standing, Throwable cause) {
        long now = System.nanoTime();
        for (PendingPublish publish : unconfirmed.all()) {
            if (!publish.isOver(now)) {
                break;
            }
            // It keeps its place in the window: the broker has it still, and answers some day or dies.
            answers.fail(
                    publish,
                    publish.failure(
                            Reason.UNKNOWN,
                            "the broker did not answer by the deadline; it may have it. Publish it again with the same id",
                            cause));
        }
        while (!waiting.isEmpty() && waiting.element().isOver(now)) {
            PendingPublish late = waiting.remove();
            Reason reason = late.isWritten ? Reason.UNKNOWN : Reason.UNAVAILABLE;
            fail(late, late.failure(reason, "the deadline has passed; " + standing, cause));
        }
    }

    /** Whether {@link #expire} would do something: it is asked often. */
    boolean hasExpired() {
        long now = System.nanoTime();
        return (!waiting.isEmpty() && waiting.element().isOver(now)) || unconfirmed.hasExpired(now);
    }

    void failAll() {
        for (PendingPublish publish : unconfirmed.all()) {
            answers.fail(publish, closedBefore(publish));
        }
        for (PendingPublish publish : waiting) {
            answers.fail(publish, closedBefore(publish));
        }
        unconfirmed.clear();
        waiting.clear();
    }

    private static PublishException closedBefore(PendingPublish publish) {
        return publish.failure(
                publish.isWritten ? Reason.UNKNOWN : Reason.UNAVAILABLE,
                "the transport was closed before the broker answered");
    }
}
