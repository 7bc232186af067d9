package io.eda.bus;

import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.serialization.EventSerializer;
import io.eda.transport.Message;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The way of a delivery to its handler: decode, claim, upcast, handle, settle. */
final class Handling implements Work.Stage {

    private final EventProcessor processor;
    private final MessageCodec codec;
    private final EventSerializer serializer;
    private final @Nullable Claims claims;
    private final @Nullable Parking parking;
    private final Recovery recovery;
    private final Probe probe;
    private final Health health;
    private final Settling settling;
    private final GroupTracing tracing;

    Handling(
            EventProcessor processor,
            MessageCodec codec,
            EventSerializer serializer,
            @Nullable Claims claims,
            @Nullable Parking parking,
            Recovery recovery,
            Probe probe,
            Health health,
            Settling settling,
            GroupTracing tracing) {
        this.processor = processor;
        this.codec = codec;
        this.serializer = serializer;
        this.claims = claims;
        this.parking = parking;
        this.recovery = recovery;
        this.probe = probe;
        this.health = health;
        this.settling = settling;
        this.tracing = tracing;
    }

    /** Asks ahead for what works will need when their lanes come to them. */
    void prepare(List<Work> works) {
        if (parking != null) {
            parking.ask(works);
        }
        if (claims != null) {
            works.forEach(this::claim);
        }
    }

    private void claim(Work work) {
        try {
            if (claims != null) {
                claims.ask(work, recordOf(work).eventId());
            }
        } catch (RuntimeException e) {
            // It is told when its turn comes, so that it goes in the order of its key.
            work.record = null;
        }
    }

    @Override
    public boolean run(Work work) {
        return (parking == null || work.isReplay) ? decode(work) : parking.pass(work, this::decode);
    }

    private boolean decode(Work work) {
        EventRecord record;
        try {
            record = recordOf(work);
        } catch (RuntimeException e) {
            return recovery.undecodable(work, e);
        }
        Claims.Verdict verdict = claims == null ? Claims.Verdict.HANDLE : claims.verdictOn(work, record.eventId());
        if (verdict == Claims.Verdict.WAIT) {
            return false;
        }
        if (verdict == Claims.Verdict.SKIP) {
            health.handled(work);
            settling.skipped(work);
            return true;
        }
        return upcast(work, record);
    }

    private boolean upcast(Work work, EventRecord record) {
        List<Event<?>> events;
        try {
            events = serializer.deserialize(record);
        } catch (RuntimeException e) {
            return recovery.undecodable(work, e);
        } catch (Error e) {
            // Such as a class that could not be loaded, or no memory for now: another attempt may find it.
            return recovery.failed(work, e);
        }
        return handle(work, events);
    }

    private EventRecord recordOf(Work work) {
        EventRecord record = work.record;
        if (record == null) {
            record = codec.decode(work.message());
            work.record = record;
        }
        return record;
    }

    private boolean handle(Work work, List<Event<?>> events) {
        if (claims != null) {
            claims.begins(work);
        }
        long begun = health.begins(work);
        try {
            if (work.trace.isNoop()) {
                call(work, events);
            } else {
                tracing.attempt(work, () -> call(work, events));
            }
            if (!work.outputs.isEmpty()) {
                // What can never be published is refused here, where it is a failure of the event like any other.
                work.delivery.ackWith(work.outputs);
            }
        } catch (Throwable e) {
            health.attempted(false, begun);
            return recovery.failed(work, e);
        } finally {
            if (claims != null) {
                claims.ends(work);
            }
        }
        health.attempted(true, begun);
        probe.succeeded();
        health.handled(work);
        settling.handled(work);
        return true;
    }

    private void call(Work work, List<Event<?>> events) throws Exception {
        for (int i = work.partsDone; i < events.size(); i++) {
            List<Message> made = encoded(processor.process(events.get(i)));
            if (!made.isEmpty()) {
                work.outputs =
                        Stream.concat(work.outputs.stream(), made.stream()).toList();
            }
            work.partsDone = i + 1;
        }
    }

    private List<Message> encoded(List<? extends Event<?>> events) {
        if (events.isEmpty()) {
            return List.of();
        }
        return events.stream()
                .map(event -> codec.encode(codec.recordOf(event, serializer.serialize(event.data()))))
                .toList();
    }
}
