package io.eda.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OriginTest {

    @Test
    void blank_or_overlong_ids_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Origin.startedBy(""))
                .withMessage("The correlation id of an origin is blank: give it at least one visible character");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Origin("conversation", "c".repeat(256), Metadata.empty()))
                .withMessageContaining("The causation id of an origin has 256 characters, the limit is 255");
    }

    @Test
    void who_starts_a_conversation_is_its_first_cause() {
        assertThat(Origin.startedBy("request-7")).isEqualTo(new Origin("request-7", "request-7", Metadata.empty()));
    }

    @Test
    void what_an_event_causes_stays_in_its_conversation_and_keeps_its_metadata() {
        UUID eventId = UUID.randomUUID();
        Metadata metadata = Metadata.of("traceparent", "00-1-2-01");
        Event<String> cause = new Event<>(
                eventId,
                EventType.of("order.created"),
                Instant.EPOCH,
                "conversation",
                "command",
                AggregateId.of("order", "42"),
                1,
                "data",
                metadata);

        assertThat(Origin.causedBy(cause)).isEqualTo(new Origin("conversation", eventId.toString(), metadata));
    }
}
