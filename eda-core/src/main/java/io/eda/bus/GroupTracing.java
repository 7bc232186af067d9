package io.eda.bus;

import io.eda.telemetry.Tracing;
import io.eda.transport.Message;
import io.micrometer.observation.Observation;
import io.micrometer.observation.transport.Kind;

/**
 * What a group tells tracers: of each delivery from its coming to its settlement, and within that of each attempt. A delivery continues the
 * trace in its headers. Immutable and thread-safe.
 */
final class GroupTracing {

    private final String group;
    private final Tracing tracing;

    GroupTracing(String group, Tracing tracing) {
        this.group = group;
        this.tracing = tracing;
    }

    /** Begins; what is returned is stopped when the delivery is settled, or given back. */
    Observation received(Message message) {
        if (tracing.isOff()) {
            return Observation.NOOP;
        }
        return tracing.continuing(Kind.CONSUMER, "eda.receive", "receive " + message.type(), message.headers())
                .lowCardinalityKeyValue("group", group)
                .lowCardinalityKeyValue("event.type", message.type())
                .highCardinalityKeyValue("event.id", message.id())
                .start();
    }

    /** Calls the handler inside of an observation of its own. */
    void attempt(Work work, Observation.CheckedRunnable<Exception> call) throws Exception {
        String type = work.message().type();
        tracing.step("eda.handle", "handle " + type)
                .parentObservation(work.trace)
                .lowCardinalityKeyValue("group", group)
                .lowCardinalityKeyValue("event.type", type)
                .observeChecked(call);
    }
}
