package io.eda.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EncodedHeadersTest {

    @Test
    void they_are_what_a_map_of_texts_would_be() {
        Map<String, String> headers = new EncodedHeaders.Builder(3)
                .add("tenant", "größe".getBytes(UTF_8))
                .add("empty", new byte[0])
                .build();

        assertThat(headers).isEqualTo(Map.of("tenant", "größe", "empty", "")).hasSize(2);
        assertThat(Map.of("tenant", "größe", "empty", "")).isEqualTo(headers);
        assertThat(headers.hashCode()).isEqualTo(Map.copyOf(headers).hashCode());
        assertThat(headers.keySet()).containsExactly("tenant", "empty");
        assertThat(headers.get("other")).isNull();
        assertThat(headers.containsKey("empty")).isTrue();
    }

    @Test
    void of_a_name_that_comes_twice_the_last_counts() {
        Map<String, String> headers = new EncodedHeaders.Builder(3)
                .add("a", "1".getBytes(UTF_8))
                .add("b", "2".getBytes(UTF_8))
                .add("a", "3".getBytes(UTF_8))
                .build();

        assertThat(headers).isEqualTo(Map.of("a", "3", "b", "2"));
    }

    @Test
    void they_are_not_changed_and_a_message_keeps_them() {
        EncodedHeaders headers =
                new EncodedHeaders.Builder(1).add("a", "1".getBytes(UTF_8)).build();

        assertThatThrownBy(() -> headers.put("b", "2")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> headers.entrySet().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(new Message("1", "t", "x", "k", headers, new byte[0]).headers())
                .isSameAs(headers);
    }
}
