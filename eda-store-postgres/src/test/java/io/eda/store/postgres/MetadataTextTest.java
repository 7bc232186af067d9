package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.event.Metadata;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class MetadataTextTest {

    @Test
    void entries_are_lines_in_the_order_of_the_keys() {
        Metadata metadata = Metadata.of(Map.of("user", "ada", "empty", "", "trace", "a=b:c, \"d\" \\t"));

        assertThat(MetadataText.write(metadata)).isEqualTo("empty\t\ntrace\ta=b:c, \"d\" \\t\nuser\tada");
        assertThat(MetadataText.read(MetadataText.write(metadata))).isEqualTo(metadata);
    }

    @Test
    void none_are_null() {
        assertThat(MetadataText.write(Metadata.empty())).isNull();
        assertThat(MetadataText.read(null)).isEqualTo(Metadata.empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "key", "a\t1\n", "a\t1\na\t2", "a\t1\nb", "\n", "{\"a\": 1}"})
    void anything_else_is_refused(String text) {
        assertThatThrownBy(() -> MetadataText.read(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
