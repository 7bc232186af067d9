package io.eda.bus;

import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Message;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes dead letters. The source is settled when the transport has answered for the letter; until then its key waits, and the letter,
 * not the event, is tried again. Thread-safe.
 */
final class Burial {

    private static final Logger log = LoggerFactory.getLogger(Burial.class);

    private final SubscriptionOptions options;
    private final DeadLetterQueue queue;
    private final Workers workers;
    private final Health health;
    private final Settling settling;

    Burial(SubscriptionOptions options, DeadLetterQueue queue, Workers workers, Health health, Settling settling) {
        this.options = options;
        this.queue = queue;
        this.workers = workers;
        this.health = health;
        this.settling = settling;
    }

    /** Begins; returns whether the work is over. */
    boolean bury(Work work, DeadLetter.Reason reason, Failures failures) {
        log.warn(
                "'{}' gives {} up after {} attempts, and writes a dead letter",
                options.group(),
                work.message(),
                failures.count(),
                failures.latest());
        // One id for all tries: a letter whose answer was lost is written twice and dropped at once.
        Message letter = Letters.write(options.group(), work.delivery, reason, failures);
        work.answer = null;
        work.stage = w -> goOn(w, letter, failures);
        return work.stage.run(work);
    }

    private boolean goOn(Work work, Message letter, Failures failures) {
        CompletableFuture<?> written = work.answer;
        if (written == null) {
            written = add(letter);
            work.answer = written;
        }
        if (!written.isDone()) {
            var unused = written.whenComplete((done, failure) -> workers.resume(work));
            return false;
        }
        try {
            written.join();
        } catch (CompletionException e) {
            failed(work, failures, e.getCause() == null ? e : e.getCause());
            return false;
        }
        health.deadLettered(work);
        // A crash here leaves the letter, and the event comes again: at least once, never zero.
        settling.givenUp(work);
        return true;
    }

    private CompletableFuture<Void> add(Message letter) {
        try {
            return queue.add(letter);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void failed(Work work, Failures failures, Throwable failure) {
        work.answer = null;
        failures.afterwards++;
        if (failures.afterwards == 1) {
            log.error(
                    "'{}' could not write the dead letter of {}; its key waits, and the letter is tried again",
                    options.group(),
                    work.message(),
                    failure);
        }
        health.waits(work, failure);
        workers.resumeAfter(
                work,
                options.retry()
                        .backoff()
                        .after(failures.afterwards, ThreadLocalRandom.current())
                        .toNanos());
    }
}
