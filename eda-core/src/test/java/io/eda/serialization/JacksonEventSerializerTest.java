package io.eda.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class JacksonEventSerializerTest {

    enum Color {
        RED,
        GREEN
    }

    record ThingPainted(
            String name,
            int coats,
            Color color,
            Instant at,
            LocalDate day,
            Duration took,
            UUID by,
            Optional<String> note,
            List<String> tags,
            boolean wet) {}

    record ThingMoved(Object where) {}

    record ThingLost() {}

    private final EventSerializer json = new JacksonEventSerializer(EventTypes.builder()
            .add("thing.painted", ThingPainted.class)
            .add("thing.moved", 3, ThingMoved.class, upcast -> upcast.from(2, data -> data))
            .add("thing.lost", ThingLost.class)
            .build());

    @Test
    void an_unknown_type_is_told_with_those_that_are_known() {
        assertThatExceptionOfType(EventDeserializationException.UnknownType.class)
                .isThrownBy(() -> json.deserialize(Stored.as("thing.found", "{}")))
                .withMessage(
                        "Event thing.found user/7@3 [01890a5d-ac96-774b-bcce-b302099a8057, 2 bytes] cannot be read:"
                                + " the catalogue has no event 'thing.found' (it has [thing.lost, thing.moved, thing.painted])."
                                + " Add the class with EventTypes.builder().add(…), or subscribe to other types.")
                .satisfies(e -> {
                    assertThat(e.eventId()).isEqualTo(Stored.ID);
                    assertThat(e.eventType()).isEqualTo(EventType.of("thing.found"));
                });
    }

    @Test
    void an_unknown_type_is_told_as_such_even_where_its_data_are_no_json() {
        assertThatExceptionOfType(EventDeserializationException.UnknownType.class)
                .isThrownBy(() -> json.deserialize(Stored.as("thing.found", "\u0001\u0002 protobuf")));
    }

    @Test
    void a_newer_version_is_told_with_the_newest_that_is_known() {
        assertThatExceptionOfType(EventDeserializationException.UnknownVersion.class)
                .isThrownBy(() -> json.deserialize(Stored.as("thing.moved", 4, "{}")))
                .withMessageEndingWith("the catalogue knows 'thing.moved' up to version 3."
                        + " A newer release wrote it: deploy readers before writers.");
    }

    @Test
    void an_older_version_without_an_upcaster_is_told_with_the_line_that_adds_it() {
        assertThatExceptionOfType(EventDeserializationException.MissingUpcaster.class)
                .isThrownBy(() -> json.deserialize(Stored.as("thing.moved", 1, "{}")))
                .withMessageEndingWith("the catalogue has 'thing.moved' in version 3 and no upcaster from version 1."
                        + " Add one: .add(\"thing.moved\", 3, …, upcast -> upcast.from(1, json -> …)).");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"name\":\"x\"",
                "{\"name\":\"x",
                "{\"name\":",
                "{} {}",
                "{} x",
                "{}]",
                "{\"name\":\"a\",\"name\":\"b\"}",
                "{\"other\":{\"a\":1,\"a\":2}}",
                "{'name':'x'}",
                "{name:1}",
                "{\"name\":\"a\nb\"}",
                "{\"name\":\"x\",}",
                "{/* note */}",
                "{\"coats\":01}",
                "{\"coats\":NaN}",
                "[]",
                "[{}]",
                "\"x\"",
                "1",
                "true",
                "null",
                "\ufeff{}"
            })
    void what_is_not_one_json_object_is_malformed(String data) {
        assertThatExceptionOfType(EventDeserializationException.Malformed.class)
                .isThrownBy(() -> json.deserialize(Stored.as("thing.lost", data)))
                .withMessageStartingWith("Event thing.lost user/7@3")
                .withMessageContaining("its data are ");
    }

    @Test
    void bytes_that_are_no_utf_8_are_malformed() {
        byte[] latin1 = "{\"name\":\"Müller\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThatExceptionOfType(EventDeserializationException.Malformed.class)
                .isThrownBy(() -> json.deserialize(Stored.as(EventType.of("thing.painted"), latin1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "name  | 1",
                "name  | true",
                "name  | 1.5",
                "name  | []",
                "name  | {}",
                "coats | \"1\"",
                "coats | 1.5",
                "coats | 3000000000",
                "coats | null",
                "coats | true",
                "coats | \"\"",
                "color | 0",
                "color | \"red\"",
                "color | \"BLUE\"",
                "color | \"\"",
                "at    | 0",
                "at    | 1.5",
                "at    | \"5\"",
                "at    | \"\"",
                "at    | \"yesterday\"",
                "at    | []",
                "day   | 20000",
                "day   | []",
                "day   | \" \"",
                "day   | \"2026-02-30\"",
                "took  | 1",
                "took  | \"1\"",
                "took  | \"1 h\"",
                "by    | \"\"",
                "by    | \" \"",
                "by    | \"7\"",
                "by    | 7",
                "note  | 1",
                "note  | {}",
                "tags  | \"a\"",
                "tags  | \"\"",
                "tags  | {}",
                "tags  | [1]",
                "wet   | 1",
                "wet   | \"true\"",
                "wet   | null"
            })
    void a_value_of_the_wrong_kind_is_refused_and_never_guessed(String field, String value) {
        assertThatExceptionOfType(EventDeserializationException.Malformed.class)
                .isThrownBy(() -> json.deserialize(painted(field, value)))
                .withMessageContaining("its data are not the JSON of ThingPainted: ");
    }

    @Test
    void a_missing_number_or_boolean_is_refused_because_0_would_be_a_guess() {
        assertThatExceptionOfType(EventDeserializationException.Malformed.class)
                .isThrownBy(() -> json.deserialize(Stored.as("thing.painted", "{\"wet\":true}")))
                .withMessageContaining("Cannot map `null` into type `int`");
    }

    @Test
    void data_101_deep_are_refused_in_both_directions() {
        String deepest = "{\"where\":" + "[".repeat(99) + "]".repeat(99) + "}";
        String tooDeep = "{\"where\":" + "[".repeat(100) + "]".repeat(100) + "}";

        assertThat(json.deserialize(Stored.as("thing.moved", 3, deepest))).hasSize(1);
        assertThatExceptionOfType(EventDeserializationException.Malformed.class)
                .isThrownBy(() -> json.deserialize(Stored.as("thing.moved", 3, tooDeep)))
                .withMessageContaining("nesting depth (101) exceeds the maximum allowed (100");
        assertThatExceptionOfType(EventDeserializationException.Malformed.class)
                .isThrownBy(() -> json.deserialize(Stored.as("thing.moved", 2, tooDeep)))
                .withMessageContaining("nesting depth (101)");
        assertThatExceptionOfType(EventSerializationException.class)
                .isThrownBy(() -> json.serialize(new ThingMoved(nested(101))))
                .withMessageContaining("nesting depth (101)");
    }

    @Test
    void data_over_the_size_are_refused_in_both_directions() {
        EventTypes types = json.types();
        EventSerializer small = new JacksonEventSerializer(types, 20);

        assertThat(small.serialize(new ThingMoved("12345678"))).hasSize(20);
        assertThatExceptionOfType(EventSerializationException.class)
                .isThrownBy(() -> small.serialize(new ThingMoved("123456789")))
                .withMessage("The data of 'thing.moved.v3' have 21 bytes as JSON, the limit is 20. Keep large objects"
                        + " elsewhere and their address in the event, or raise the limit.");
        assertThatExceptionOfType(EventDeserializationException.Malformed.class)
                .isThrownBy(() -> small.deserialize(Stored.as("thing.moved", 3, "{\"where\":\"123456789\"}")))
                .withMessageEndingWith("its data are over the limit of 20 bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> new JacksonEventSerializer(types, 0));
    }

    @Test
    void an_event_of_exactly_the_default_limit_is_written_and_read() {
        ThingMoved largest = new ThingMoved("x".repeat(JacksonEventSerializer.DEFAULT_MAX_BYTES - 12));

        byte[] bytes = json.serialize(largest);

        assertThat(bytes).hasSize(JacksonEventSerializer.DEFAULT_MAX_BYTES);
        assertThat(json.deserialize(Stored.as(EventType.of("thing.moved", 3), bytes))
                        .get(0)
                        .data())
                .isEqualTo(largest);
    }

    @Test
    void an_object_that_holds_itself_is_refused() {
        List<Object> itself = new ArrayList<>();
        itself.add(itself);

        assertThatExceptionOfType(EventSerializationException.class)
                .isThrownBy(() -> json.serialize(new ThingMoved(itself)))
                .withMessageContaining("The data of 'thing.moved.v3' cannot be written as JSON");
    }

    @Test
    void an_envelope_that_is_not_valid_is_malformed() {
        EventRecord good = Stored.as("thing.lost", "{}");
        EventRecord blank = new EventRecord(
                good.eventId(),
                good.eventType(),
                good.timestamp(),
                " ",
                good.causationId(),
                good.aggregateId(),
                good.aggregateVersion(),
                good.data(),
                good.metadata());

        assertThatExceptionOfType(EventDeserializationException.Malformed.class)
                .isThrownBy(() -> json.deserialize(blank))
                .withMessageContaining("its envelope is not valid. The correlation id of an event is blank");
    }

    static final AtomicBoolean LOADED = new AtomicBoolean();

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    interface Payload {}

    record Gadget(String command) implements Payload {
        static {
            LOADED.set(true);
        }
    }

    record Harmless(String text) implements Payload {}

    record MailReceived(Payload payload) {}

    record FileReceived(@JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS) Object payload) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    record FaxReceived(String text) {}

    @Test
    void a_class_named_in_the_data_is_never_loaded() {
        EventSerializer annotated = annotated();

        for (String type : new String[] {"mail.received", "file.received", "fax.received"}) {
            String data = "{\"@class\":\"%1$s\",\"@c\":\"%1$s\",\"payload\":{\"@class\":\"%1$s\",\"@c\":\"%1$s\"}}"
                    .formatted(JacksonEventSerializerTest.class.getName() + "$Gadget");
            assertThatExceptionOfType(EventDeserializationException.Malformed.class)
                    .isThrownBy(() -> annotated.deserialize(Stored.as(type, data)));
        }
        assertThat(LOADED).isFalse();
    }

    @Test
    void an_annotation_that_would_write_class_names_is_refused_before_anything_is_stored() {
        EventSerializer annotated = annotated();

        for (Object data : List.of(
                new MailReceived(new Harmless("x")), new FileReceived(new Harmless("x")), new FaxReceived("x"))) {
            assertThatExceptionOfType(EventSerializationException.class)
                    .isThrownBy(() -> annotated.serialize(data))
                    .withMessageContaining("@JsonTypeInfo would put class names into the data");
        }
    }

    @Test
    void properties_that_the_class_does_not_know_are_ignored() {
        assertThat(json.deserialize(Stored.as("thing.lost", "{\"new\":{\"in\":[\"a later release\"]}}")))
                .hasSize(1);
    }

    @Test
    void an_event_without_components_is_an_empty_object() {
        assertThat(json.serialize(new ThingLost())).isEqualTo("{}".getBytes(StandardCharsets.UTF_8));
        assertThat(json.deserialize(Stored.as("thing.lost", "{}")).get(0).data())
                .isEqualTo(new ThingLost());
    }

    @Test
    void a_record_without_optional_values_is_read() {
        assertThat(json.deserialize(painted("note", "null")).get(0).data())
                .isEqualTo(new ThingPainted(null, 1, null, null, null, null, null, Optional.empty(), null, true));
    }

    private static EventSerializer annotated() {
        return new JacksonEventSerializer(EventTypes.builder()
                .add("mail.received", MailReceived.class)
                .add("file.received", FileReceived.class)
                .add("fax.received", FaxReceived.class)
                .build());
    }

    /** All that a ThingPainted needs, and {@code field} last where it is not among that. */
    private static EventRecord painted(String field, String value) {
        StringBuilder data = new StringBuilder("{");
        if (!field.equals("coats")) {
            data.append("\"coats\":1,");
        }
        if (!field.equals("wet")) {
            data.append("\"wet\":true,");
        }
        return Stored.as("thing.painted", data + "\"" + field + "\":" + value + "}");
    }

    private static Object nested(int depth) {
        Object nested = "x";
        for (int i = 1; i < depth; i++) {
            nested = List.of(nested);
        }
        return nested;
    }
}
