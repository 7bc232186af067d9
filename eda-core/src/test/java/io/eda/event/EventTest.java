package io.eda.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EventTest {

    private static final UUID ID = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
    private static final AggregateId ORDER = AggregateId.of("order", "42");

    record CardCharged(String cardNumber) {}

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "\u2003"})
    void a_blank_correlation_id_is_refused(String blank) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> event(blank, "cause", 1))
                .withMessage("The correlation id of an event is blank: give it at least one visible character");
    }

    @Test
    void a_causation_id_of_256_characters_is_refused_and_shown_in_part() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> event("conversation", "c".repeat(256), 1))
                .withMessage(
                        "The causation id of an event has 256 characters, the limit is 255: '" + "c".repeat(60) + "…'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "\n", "\r", "\u007f", "\u0085"})
    void a_control_character_is_refused_with_its_place(String control) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> event("ab" + control + "c", "cause", 1))
                .withMessage("The correlation id of an event holds the control character 0x"
                        + Integer.toHexString(control.charAt(0)) + " at index 2: remove it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\ud83d", "a\ud83db", "a\ude00", "a\ude00\ud83d"})
    void half_of_a_surrogate_pair_is_refused(String broken) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> event("conversation", broken, 1))
                .withMessage("The causation id of an event holds half of a surrogate pair at index 1:"
                        + " it is not valid Unicode");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void the_aggregate_version_starts_at_1(long version) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> event("conversation", "cause", version))
                .withMessage("An event of order/42 has the aggregate version " + version
                        + ": the first event of an aggregate has version 1");
    }

    @Test
    void an_event_without_data_is_refused() {
        assertThatNullPointerException()
                .isThrownBy(() -> new Event<CardCharged>(
                        ID,
                        EventType.of("card.charged"),
                        Instant.EPOCH,
                        "conversation",
                        "cause",
                        ORDER,
                        1,
                        null,
                        Metadata.empty()))
                .withMessage("data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "überweisung-7", "注文", "🛒 wagon", "a b"})
    void unicode_and_inner_spaces_are_accepted(String id) {
        assertThat(event(id, id, 1).correlationId()).isEqualTo(id);
    }

    @Test
    void ids_of_255_characters_and_the_greatest_version_are_accepted() {
        Event<CardCharged> event = event("x".repeat(255), "y".repeat(255), Long.MAX_VALUE);

        assertThat(event.aggregateVersion()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void the_time_is_cut_to_microseconds_never_rounded_up() {
        assertThat(event("conversation", "cause", 1).timestamp())
                .isEqualTo(Instant.parse("2026-03-01T10:00:00.123456Z"));
    }

    @Test
    void toString_tells_which_event_it_is_and_nothing_of_its_data() {
        assertThat(event("conversation", "cause", 3))
                .hasToString("card.charged order/42@3 [01890a5d-ac96-774b-bcce-b302099a8057]");
    }

    private static Event<CardCharged> event(String correlationId, String causationId, long version) {
        return new Event<>(
                ID,
                EventType.of("card.charged"),
                Instant.parse("2026-03-01T10:00:00.123456999Z"),
                correlationId,
                causationId,
                ORDER,
                version,
                new CardCharged("4111 1111 1111 1111"),
                Metadata.of("user", "ada"));
    }
}
