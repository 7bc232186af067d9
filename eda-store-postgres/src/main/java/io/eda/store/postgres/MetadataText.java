package io.eda.store.postgres;

import io.eda.event.Metadata;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Metadata as one text: a line for each entry in the order of the keys, key, tab, value; none at all where they are empty.
 * {@link Metadata} lets no control character into keys and values, so nothing needs escaping, and equal metadata give equal
 * texts.
 */
final class MetadataText {

    private MetadataText() {}

    static @Nullable String write(Metadata metadata) {
        if (metadata.isEmpty()) {
            return null;
        }
        return metadata.asMap().entrySet().stream()
                .map(entry -> entry.getKey() + '\t' + entry.getValue())
                .collect(Collectors.joining("\n"));
    }

    /** Reads what {@link #write} wrote; refuses anything else rather than guess. */
    static Metadata read(@Nullable String text) {
        if (text == null) {
            return Metadata.empty();
        }
        Map<String, String> entries = new HashMap<>();
        int start = 0;
        while (start <= text.length()) {
            int newline = text.indexOf('\n', start);
            int end = newline < 0 ? text.length() : newline;
            int tab = text.indexOf('\t', start);
            if (tab < 0 || tab > end || entries.put(text.substring(start, tab), text.substring(tab + 1, end)) != null) {
                throw new IllegalArgumentException(
                        "the metadata are not lines of 'key, tab, value' with different keys");
            }
            start = end + 1;
        }
        return Metadata.of(entries);
    }
}
