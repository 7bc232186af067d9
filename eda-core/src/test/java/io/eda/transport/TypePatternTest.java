package io.eda.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TypePatternTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "order.", ".created", "order..created", "order created", "order.cre*", "or#", "a/b"})
    void what_is_no_pattern_is_refused(String text) {
        assertThatThrownBy(() -> new TypePattern(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'order.*'");
    }

    @ParameterizedTest
    @CsvSource({
        "order.created, order.created, true",
        "order.created, order.creates, false",
        "order.created, order.created.late, false",
        "order.*, order.created, true",
        "order.*, order, false",
        "order.*, order.item.added, false",
        "order.*, orders.created, false",
        "*.created, order.created, true",
        "*, order, true",
        "*, order.created, false",
        "#, order.created, true",
        "order.#, order, true",
        "order.#, order.created, true",
        "order.#, order.item.added, true",
        "order.#, orders.created, false",
        "#.added, order.item.added, true",
        "#.added, added, true",
        "#.item.#, order.item.added, true",
        "#.item.#, item, true",
        "#.item.#, order.line.added, false",
        "*.*.added, order.item.added, true",
        "#.*, order, true",
        "*.#.*, order.created, true",
        "*.#.*, order, false",
    })
    void patterns_match_word_by_word(String pattern, String type, boolean matches) {
        assertThat(new TypePattern(pattern).matches(type)).isEqualTo(matches);
    }
}
