package io.eda.bus;

/** What becomes of a work that will not succeed here, one form for each {@link Exhausted}. */
interface Exit {

    /** Begins; returns whether the work is over, as a stage does. */
    boolean leave(Work work, DeadLetter.Reason reason, Failures failures);
}
