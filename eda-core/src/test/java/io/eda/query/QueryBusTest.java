package io.eda.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class QueryBusTest {

    private final QueryBus bus = QueryBus.builder()
            .handle(NamesStartingWith.class, query -> List.of(query.prefix() + "da", query.prefix() + "nn"))
            .build();

    @Test
    void a_query_without_a_handler_is_refused_with_the_known_ones() {
        assertThatThrownBy(() -> bus.ask(new Unknown()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Unknown")
                .hasMessageContaining("[NamesStartingWith]");
    }

    @Test
    void a_second_handler_for_a_query_is_refused() {
        var builder = QueryBus.builder().handle(NamesStartingWith.class, query -> List.of());
        assertThatThrownBy(() -> builder.handle(NamesStartingWith.class, query -> List.of()))
                .hasMessageContaining("a query has one handler");
    }

    @Test
    void the_handler_answers() {
        List<String> names = bus.ask(new NamesStartingWith("A"));
        assertThat(names).containsExactly("Ada", "Ann");
    }

    private record NamesStartingWith(String prefix) implements Query<List<String>> {}

    private record Unknown() implements Query<String> {}
}
