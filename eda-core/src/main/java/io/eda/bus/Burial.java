package io.eda.bus;

import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Message;

/** Writes dead letters; the source is settled when the transport has answered for the letter. */
final class Burial implements Exit {

    private final String group;
    private final DeadLetterQueue queue;
    private final Keeping keeping;
    private final Health health;
    private final Settling settling;

    Burial(String group, DeadLetterQueue queue, Keeping keeping, Health health, Settling settling) {
        this.group = group;
        this.queue = queue;
        this.keeping = keeping;
        this.health = health;
        this.settling = settling;
    }

    @Override
    public boolean leave(Work work, DeadLetter.Reason reason, Failures failures) {
        // One id for all tries: a letter whose answer was lost is written twice and dropped at once.
        Message letter = Letters.write(group, work.delivery, reason, failures);
        return keeping.keep(work, () -> queue.add(letter), this::isKept);
    }

    private boolean isKept(Work work) {
        health.deadLettered(work);
        // A crash here leaves the letter, and the event comes again: at least once, never zero.
        settling.givenUp(work);
        return true;
    }
}
