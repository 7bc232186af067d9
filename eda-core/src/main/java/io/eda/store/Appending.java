package io.eda.store;

import io.eda.store.AppendMeters.Outcome;
import io.eda.telemetry.Tracing;
import io.micrometer.observation.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

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

    CompletableFuture<AppendResult> appendAsync(Append append) {
        return tracing.isOff() ? timedAsync(append) : tracedAsync(append);
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

    // The future is the storage's own, whose exceptions are not wrapped once more.
    private CompletableFuture<AppendResult> timedAsync(Append append) {
        long begun = meters.begin();
        CompletableFuture<AppendResult> answer = storage.appendAsync(append);
        var unused = answer.whenComplete((result, failure) -> meters.ended(append, Outcome.of(failure), begun));
        return answer;
    }

    private CompletableFuture<AppendResult> tracedAsync(Append append) {
        Map<String, String> carrier = Tracing.carrier();
        Observation observation = observation(append, carrier).start();
        CompletableFuture<AppendResult> answer = timedAsync(carrying(append, carrier));
        var unused = answer.whenComplete((result, failure) -> {
            observation.lowCardinalityKeyValue("outcome", Outcome.of(failure).tag);
            if (failure != null) {
                observation.error(failure);
            }
            observation.stop();
        });
        return answer;
    }

    private AppendResult traced(Append append) {
        Map<String, String> carrier = Tracing.carrier();
        Observation observation = observation(append, carrier);
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

    private Observation observation(Append append, Map<String, String> carrier) {
        String type = append.aggregateId().type();
        return tracing.sending("eda.append", "append " + type, carrier)
                .lowCardinalityKeyValue("aggregate.type", type)
                .lowCardinalityKeyValue("outcome", Outcome.FAILED.tag);
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
