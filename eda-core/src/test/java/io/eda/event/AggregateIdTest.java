package io.eda.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AggregateIdTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "Order", "1order", "-order", "_order", "order line", "order/line", "örder", "order.x"})
    void a_kind_that_is_no_lower_case_noun_is_refused(String type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AggregateId.of(type, "42"))
                .withMessage("'" + type + "' is not a kind of aggregate: use a lower-case noun of letters, digits, '_'"
                        + " and '-', up to 100 characters, such as 'order'");
    }

    @Test
    void a_kind_of_101_characters_is_refused_and_shown_in_part() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AggregateId.of("x".repeat(101), "42"))
                .withMessageStartingWith("'" + "x".repeat(60) + "…' is not a kind");
    }

    @Test
    void a_blank_id_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AggregateId.of("order", " "))
                .withMessage("The id of a 'order' aggregate is blank: give it at least one visible character");
    }

    @Test
    void an_id_of_256_characters_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AggregateId.of("order", "4".repeat(256)))
                .withMessageContaining("has 256 characters, the limit is 255");
    }

    @Test
    void an_id_with_a_control_character_or_half_a_pair_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AggregateId.of("order", "4\0"))
                .withMessageContaining("control character 0x0 at index 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AggregateId.of("order", "\ud83d"))
                .withMessageContaining("half of a surrogate pair at index 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"o", "order", "order-line", "order_line", "order2"})
    void a_lower_case_noun_is_a_kind(String type) {
        assertThat(AggregateId.of(type, "42").type()).isEqualTo(type);
    }

    @Test
    void an_id_may_be_any_text_of_up_to_255_characters() {
        assertThat(AggregateId.of("order", "Bestellung 7/ä 注文 🛒").id()).isEqualTo("Bestellung 7/ä 注文 🛒");
        assertThat(AggregateId.of("x".repeat(100), "y".repeat(255)).id()).hasSize(255);
    }

    @Test
    void two_kinds_may_both_have_a_number_42() {
        assertThat(AggregateId.of("order", "42")).isNotEqualTo(AggregateId.of("customer", "42"));
    }

    @Test
    void the_order_is_by_kind_then_by_id() {
        assertThat(Stream.of("order/9", "order/10", "customer/99", "order-line/1")
                        .map(AggregateIdTest::parse)
                        .sorted()
                        .map(AggregateId::toString))
                .containsExactly("customer/99", "order/10", "order/9", "order-line/1");
    }

    private static AggregateId parse(String text) {
        int slash = text.indexOf('/');
        return AggregateId.of(text.substring(0, slash), text.substring(slash + 1));
    }
}
