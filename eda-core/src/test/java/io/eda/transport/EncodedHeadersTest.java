package io.eda.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EncodedHeadersTest {

    @Test
    void they_are_what_a_map_of_texts_would_be() {
        Map<String, String> headers = headers("tenant", "größe", "empty", "");

        assertThat(headers).isEqualTo(Map.of("tenant", "größe", "empty", "")).hasSize(2);
        assertThat(Map.of("tenant", "größe", "empty", "")).isEqualTo(headers);
        assertThat(headers.hashCode()).isEqualTo(Map.copyOf(headers).hashCode());
        assertThat(headers.keySet()).containsExactly("tenant", "empty");
        assertThat(headers.get("other")).isNull();
        assertThat(headers.containsKey("empty")).isTrue();
        assertThat(headers.containsKey("other")).isFalse();
    }

    @Test
    void of_a_name_that_comes_twice_the_last_counts() {
        assertThat(headers("a", "1", "b", "2", "a", "3"))
                .isEqualTo(Map.of("a", "3", "b", "2"))
                .hasSize(2);
    }

    @Test
    void there_is_a_value_for_each_name() {
        HeaderNames names = HeaderNames.of(List.of("a", "b"));

        assertThatThrownBy(() -> new EncodedHeaders(names, new byte[1][]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 values for 2 names");
    }

    @Test
    void they_are_not_changed_and_a_message_keeps_them() {
        EncodedHeaders headers = headers("a", "1");

        assertThatThrownBy(() -> headers.put("b", "2")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> headers.keySet().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> headers.entrySet().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(new Message("1", "t", "x", "k", headers, new byte[0]).headers())
                .isSameAs(headers);
    }

    private static EncodedHeaders headers(String... namesAndTexts) {
        List<String> names = new ArrayList<>();
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            names.add(namesAndTexts[i]);
            values.add(namesAndTexts[i + 1].getBytes(UTF_8));
        }
        return new EncodedHeaders(HeaderNames.of(names), values.toArray(new byte[0][]));
    }
}
