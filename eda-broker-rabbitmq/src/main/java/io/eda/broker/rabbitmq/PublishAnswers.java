package io.eda.broker.rabbitmq;

import io.eda.transport.PublishException;
import io.eda.transport.PublishException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/**
 * Completes futures, each once, on a thread of its own: what users hang on them must not run on the connection's thread, which
 * would hear no confirm meanwhile, nor under the lock of a lane.
 */
final class PublishAnswers {

    private final ExecutorService thread;
    private final PublishLimits limits;

    PublishAnswers(ExecutorService thread, PublishLimits limits) {
        this.thread = thread;
        this.limits = limits;
    }

    /** Under the lane's lock: the broker answers for them, except for those that it has returned before. */
    void complete(List<PendingPublish> confirmed, PublishChannel channel) {
        List<PendingPublish> done = new ArrayList<>(confirmed.size());
        for (PendingPublish publish : confirmed) {
            if (channel.wasReturned(publish) && !publish.destination.mayBeDropped()) {
                fail(publish, unroutable(publish));
            } else if (take(publish)) {
                done.add(publish);
            }
        }
        if (!done.isEmpty()) {
            run(() -> done.forEach(publish -> publish.future.complete(null)));
        }
    }

    private static PublishException unroutable(PendingPublish publish) {
        return publish.failure(
                Reason.UNROUTABLE,
                publish.destination.exchange().isEmpty()
                        ? "there is no such queue: the group has never subscribed, or somebody deleted it"
                        : "no group wants the type '" + publish.message.type()
                                + "'. Subscribe to it first, or choose that such messages are dropped");
    }

    /** Under the lane's lock. */
    void fail(PendingPublish publish, PublishException failure) {
        if (take(publish)) {
            run(() -> publish.future.completeExceptionally(failure));
        }
    }

    private boolean take(PendingPublish publish) {
        if (publish.isAnswered) {
            return false;
        }
        publish.isAnswered = true;
        limits.release(publish.size);
        return true;
    }

    private void run(Runnable answer) {
        try {
            thread.execute(answer);
        } catch (RejectedExecutionException e) {
            // Closed in between: an answer is due all the same.
            answer.run();
        }
    }
}
