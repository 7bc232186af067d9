package io.eda.bus;

/** Keeps a work in its lane until it succeeds. */
final class Blocking implements Exit {

    private final SubscriptionOptions options;
    private final Workers workers;

    Blocking(SubscriptionOptions options, Workers workers) {
        this.options = options;
        this.workers = workers;
    }

    @Override
    public boolean leave(Work work, DeadLetter.Reason reason, Failures failures) {
        work.isBlocked = true;
        workers.resumeAfter(work, options.retry().backoff().max().toNanos());
        return false;
    }
}
