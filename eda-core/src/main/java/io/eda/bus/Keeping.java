package io.eda.bus;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a work to another place before its source is settled: to the dead letters, or to the parked messages. Until that place has
 * answered, the lane waits, and the writing, not the event, is tried again. Thread-safe.
 */
final class Keeping {

    private static final Logger log = LoggerFactory.getLogger(Keeping.class);

    private final SubscriptionOptions options;
    private final Workers workers;
    private final Health health;
    private final Incident outage = new Incident();

    Keeping(SubscriptionOptions options, Workers workers, Health health) {
        this.options = options;
        this.workers = workers;
        this.health = health;
    }

    /** Writes with {@code write} until that succeeds, then goes on with {@code then}; returns whether the work is over. */
    boolean keep(Work work, Supplier<CompletableFuture<?>> write, Work.Stage then) {
        Kept kept = new Kept(write, then);
        work.stage = kept;
        return kept.run(work);
    }

    private final class Kept implements Work.Stage {

        private final Supplier<CompletableFuture<?>> write;
        private final Work.Stage then;
        private int failures;

        private Kept(Supplier<CompletableFuture<?>> write, Work.Stage then) {
            this.write = write;
            this.then = then;
        }

        @Override
        public boolean run(Work work) {
            CompletableFuture<?> written = work.answer;
            if (written == null) {
                written = Asking.of(() -> write.get().<Object>thenApply(answer -> answer));
                work.answer = written;
            }
            if (!written.isDone()) {
                var unused = written.whenComplete((done, failure) -> workers.resume(work));
                return false;
            }
            try {
                written.join();
            } catch (CompletionException e) {
                failed(work, e.getCause() == null ? e : e.getCause());
                return false;
            }
            outage.isOver();
            return then.run(work);
        }

        private void failed(Work work, Throwable failure) {
            work.answer = null;
            failures++;
            if (outage.begins()) {
                log.atError()
                        .addKeyValue("group", options.group())
                        .setCause(failure)
                        .log(
                                "'{}' cannot keep {} elsewhere; its source stays, its key waits, and it is tried again",
                                options.group(),
                                work.message());
            }
            health.waits(work, failure);
            workers.resumeAfter(
                    work,
                    options.retry()
                            .backoff()
                            .after(failures, ThreadLocalRandom.current())
                            .toNanos());
        }
    }
}
