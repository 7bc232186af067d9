package io.eda.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MetadataTest {

    @Test
    void a_65th_entry_is_refused() {
        Metadata full = Metadata.of(entries(64));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> full.with("one-more", "x"))
                .withMessage("Metadata of 65 entries, the limit is 64: what belongs to the fact belongs into its data");
    }

    @Test
    void a_blank_key_and_a_key_of_101_characters_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metadata.of(" ", "x"))
                .withMessage("A metadata key is blank: give it at least one visible character");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metadata.of("k".repeat(101), "x"))
                .withMessageContaining("has 101 characters, the limit is 100");
    }

    @Test
    void a_value_of_4001_characters_is_refused_and_not_shown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metadata.of("token", "s".repeat(4_001)))
                .withMessage("The metadata 'token' has 4001 characters, the limit is 4000:"
                        + " what belongs to the fact belongs into its data");
    }

    @Test
    void control_characters_and_half_pairs_are_refused_in_keys_and_values() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metadata.of("a\r\nb", "x"))
                .withMessage("A metadata key holds the control character 0xd at index 1: remove it");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metadata.of("user", "x\0"))
                .withMessage("The metadata 'user' holds the control character 0x0 at index 1: remove it");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metadata.of("user", "\ude00"))
                .withMessage("The metadata 'user' holds half of a surrogate pair at index 0: it is not valid Unicode");
    }

    @Test
    void its_map_cannot_be_changed() {
        Metadata metadata = Metadata.of("user", "ada");

        assertThatThrownBy(() -> metadata.asMap().put("user", "bob")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void a_later_change_of_the_given_map_does_not_reach_it() {
        Map<String, String> source = new HashMap<>(Map.of("user", "ada"));
        Metadata metadata = Metadata.of(source);

        source.put("user", "bob");

        assertThat(metadata.get("user")).hasValue("ada");
    }

    @Test
    void with_leaves_the_original_as_it_was() {
        Metadata original = Metadata.of("user", "ada");

        Metadata changed = original.with("user", "bob").with("tenant", "acme");

        assertThat(original.asMap()).isEqualTo(Map.of("user", "ada"));
        assertThat(changed.asMap()).isEqualTo(Map.of("user", "bob", "tenant", "acme"));
        assertThat(Metadata.empty().isEmpty()).isTrue();
    }

    @Test
    void entries_are_in_the_order_of_their_keys_however_they_came() {
        Map<String, String> backwards = new LinkedHashMap<>();
        backwards.put("z", "1");
        backwards.put("a", "2");
        backwards.put("M", "3");

        assertThat(Metadata.of(backwards).asMap().keySet()).containsExactly("M", "a", "z");
    }

    @Test
    void an_empty_value_and_unicode_are_accepted() {
        Metadata metadata = Metadata.of(Map.of("prénom", "", "city", "Zürich 🏔"));

        assertThat(metadata.get("prénom")).hasValue("");
        assertThat(metadata.get("city")).hasValue("Zürich 🏔");
        assertThat(metadata.get("none")).isEmpty();
    }

    @Test
    void the_limits_themselves_are_accepted() {
        assertThat(Metadata.of(entries(64)).asMap()).hasSize(64);
        assertThat(Metadata.of("k".repeat(100), "v".repeat(4_000)).isEmpty()).isFalse();
    }

    @Test
    void equal_entries_make_equal_metadata() {
        assertThat(Metadata.of("user", "ada"))
                .isEqualTo(Metadata.of(Map.of("user", "ada")))
                .hasSameHashCodeAs(Metadata.of(Map.of("user", "ada")))
                .isNotEqualTo(Metadata.of("user", "bob"));
        assertThat(Metadata.of(Map.of())).isEqualTo(Metadata.empty());
    }

    @Test
    void toString_shows_the_keys_alone() {
        assertThat(Metadata.of("token", "secret")).hasToString("[token]");
    }

    private static Map<String, String> entries(int count) {
        Map<String, String> entries = new HashMap<>();
        for (int i = 0; i < count; i++) {
            entries.put("key-" + i, "value");
        }
        return entries;
    }
}
