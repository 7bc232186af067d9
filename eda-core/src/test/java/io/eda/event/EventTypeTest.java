package io.eda.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EventTypeTest {

    @Test
    void a_blank_name_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventType.of(""))
                .withMessage("The name of an event type is blank: give it at least one visible character");
    }

    @Test
    void a_name_with_a_space_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventType.of("order created"))
                .withMessage("The event type 'order created' holds a space: write 'order.created'");
    }

    @Test
    void a_name_of_201_characters_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventType.of("x".repeat(201)))
                .withMessageContaining("has 201 characters, the limit is 200");
    }

    @Test
    void a_name_with_a_line_break_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventType.of("order\ncreated"))
                .withMessageContaining("control character 0xa at index 5");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void versions_start_at_1(int version) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventType.of("order.created", version))
                .withMessage("The event type 'order.created' has version " + version
                        + ": versions of an event's shape start at 1");
    }

    @Test
    void foreign_systems_name_their_events_as_they_like() {
        assertThat(EventType.of("com.example/OrderPlaced").name()).isEqualTo("com.example/OrderPlaced");
        assertThat(EventType.of("заказ.создан").version()).isEqualTo(1);
    }

    @Test
    void toString_shows_the_version_from_2_on() {
        assertThat(EventType.of("order.created")).hasToString("order.created");
        assertThat(EventType.of("order.created", 2)).hasToString("order.created.v2");
    }
}
