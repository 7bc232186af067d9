package io.eda.telemetry;

import io.micrometer.observation.Observation;
import java.util.List;

/**
 * The context of an observation of several events that were made in several traces: it continues none of them, and is linked to all. Micrometer's
 * observations have no links, so whoever wants them in a tracer registers {@link BatchTracingObservationHandler}, or a handler of his own; for
 * all others this is a context like any other.
 *
 * <p>Not thread-safe, as its parent is not.
 */
public final class BatchContext extends Observation.Context {

    /** To how many spans a batch is linked at most: as many as tracers keep of a span, where nothing else is configured. */
    public static final int MAX_PARENTS = 128;

    private final List<TraceParent> parents;

    /** Makes the context of a batch whose events were made in these spans; of more than {@link #MAX_PARENTS} the first are kept. */
    public BatchContext(List<TraceParent> parents) {
        this.parents = parents.stream().distinct().limit(MAX_PARENTS).toList();
    }

    /** Returns the spans that the events were made in: each once, in the order of the events, {@link #MAX_PARENTS} at most. */
    public List<TraceParent> parents() {
        return parents;
    }
}
