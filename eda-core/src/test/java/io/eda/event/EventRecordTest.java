package io.eda.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EventRecordTest {

    private static final UUID ID = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
    private static final EventRecord RECORD = record("42", 1, "{\"pin\":\"1234\"}", "ada");

    @Test
    void the_aggregate_version_starts_at_1() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> record("42", 0, "{}", "ada"))
                .withMessageContaining("the first event of an aggregate has version 1");
    }

    @Test
    void one_other_byte_makes_another_record() {
        assertThat(record("42", 1, "{\"pin\":\"1235\"}", "ada")).isNotEqualTo(RECORD);
    }

    @Test
    void another_aggregate_version_or_metadata_make_another_record() {
        assertThat(record("43", 1, "{\"pin\":\"1234\"}", "ada")).isNotEqualTo(RECORD);
        assertThat(record("42", 2, "{\"pin\":\"1234\"}", "ada")).isNotEqualTo(RECORD);
        assertThat(record("42", 1, "{\"pin\":\"1234\"}", "bob")).isNotEqualTo(RECORD);
    }

    @Test
    void equal_bytes_in_another_array_make_an_equal_record() {
        EventRecord same = record("42", 1, "{\"pin\":\"1234\"}", "ada");

        assertThat(same).isEqualTo(RECORD).hasSameHashCodeAs(RECORD);
        assertThat(same.data()).isNotSameAs(RECORD.data());
    }

    @Test
    void the_time_is_cut_to_microseconds() {
        assertThat(RECORD.timestamp()).isEqualTo(Instant.parse("2026-03-01T10:00:00.123456Z"));
    }

    @Test
    void toString_shows_the_size_and_nothing_of_the_data() {
        assertThat(RECORD).hasToString("card.charged order/42@1 [01890a5d-ac96-774b-bcce-b302099a8057, 14 bytes]");
    }

    @Test
    void with_data_it_keeps_everything_but_the_shape() {
        Event<String> event = RECORD.withData(EventType.of("card.charged", 2), "object");

        assertThat(event)
                .isEqualTo(new Event<>(
                        ID,
                        EventType.of("card.charged", 2),
                        RECORD.timestamp(),
                        "conversation",
                        "cause",
                        AggregateId.of("order", "42"),
                        1,
                        "object",
                        Metadata.of("user", "ada")));
    }

    private static EventRecord record(String id, long version, String data, String user) {
        return new EventRecord(
                ID,
                EventType.of("card.charged"),
                Instant.parse("2026-03-01T10:00:00.123456999Z"),
                "conversation",
                "cause",
                AggregateId.of("order", id),
                version,
                data.getBytes(StandardCharsets.UTF_8),
                Metadata.of("user", user));
    }
}
