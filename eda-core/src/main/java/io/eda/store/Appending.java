package io.eda.store;

import io.eda.store.AppendMeters.Outcome;
import io.eda.telemetry.Tracing;
import io.micrometer.observation.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The appends of an event store, told to meters and tracers.
 *
 * @param storage where they go
 * @param meters shared by all stores that were made of one
 * @param tracing who hears of each
 */
record Appending(EventStorage storage, AppendMeters meters, Tracing tracing) {

    AppendResult append(Append append) {
        return tracing.isOff() ? timed(append) : traced(append);
    }

    private AppendResult timed(Append append) {
        long begun = meters.begin();
        try {
            AppendResult result = storage.append(append);
            meters.ended(append, Outcome.STORED, begun);
            return result;
        } catch (RuntimeException | Error e) {
            meters.ended(append, Outcome.of(e), begun);
            throw e;
        }
    }

    private AppendResult traced(Append append) {
        String type = append.aggregateId().type();
        Map<String, String> carrier = Tracing.carrier();
        Observation observation = tracing.sending("eda.append", "append " + type, carrier)
                .lowCardinalityKeyValue("aggregate.type", type)
                .lowCardinalityKeyValue("outcome", Outcome.FAILED.tag);
        return observation.observe(() -> {
            try {
                AppendResult result = timed(carrying(append, carrier));
                observation.lowCardinalityKeyValue("outcome", Outcome.STORED.tag);
                return result;
            } catch (RuntimeException e) {
                observation.lowCardinalityKeyValue("outcome", Outcome.of(e).tag);
                throw e;
            }
        });
    }

    /** The events take the context of this append with them, so that whoever reads them goes on from here. */
    private static Append carrying(Append append, Map<String, String> carrier) {
        if (carrier.isEmpty()) {
            return append;
        }
        List<NewEvent> events = new ArrayList<>(append.events().size());
        for (NewEvent event : append.events()) {
            events.add(new NewEvent(
                    event.eventId(),
                    event.eventType(),
                    event.timestamp(),
                    event.correlationId(),
                    event.causationId(),
                    event.data(),
                    Tracing.with(event.metadata(), carrier)));
        }
        return new Append(append.aggregateId(), append.expectedVersion(), events);
    }
}
