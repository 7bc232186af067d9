package io.eda.transport;

import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Headers as they came over the wire: a value becomes a text when somebody asks for it, and most are never asked for. Unmodifiable, and
 * thread-safe: at worst a text is made twice.
 */
public final class EncodedHeaders extends AbstractMap<String, String> {

    private final HeaderNames names;
    private final byte[][] values;
    private final @Nullable String[] texts;

    /** Holds {@code values}, one for each of {@code names}, in UTF-8 and not to be changed any more. */
    public EncodedHeaders(HeaderNames names, byte[][] values) {
        if (values.length != names.count()) {
            throw new IllegalArgumentException(
                    values.length + " values for " + names.count() + " names of headers: give one for each");
        }
        this.names = names;
        this.values = values;
        this.texts = new String[values.length];
    }

    /** Returns the text of {@code name}; bytes that are no UTF-8 become replacement characters. */
    @Override
    public @Nullable String get(@Nullable Object name) {
        int index = names.indexOf(name);
        return index < 0 ? null : at(index);
    }

    /** Returns the text at {@code index}, from 0, in the order of the names. */
    public String at(int index) {
        String text = texts[index];
        if (text == null) {
            text = new String(values[index], StandardCharsets.UTF_8);
            texts[index] = text;
        }
        return text;
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return names.indexOf(name) >= 0;
    }

    @Override
    public int size() {
        return names.distinct().size();
    }

    @Override
    public Set<String> keySet() {
        return Collections.unmodifiableSet(names.distinct());
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return EncodedHeaders.this.size();
            }

            @Override
            public Iterator<Entry<String, String>> iterator() {
                return names.distinct().stream()
                        .map(name -> Map.entry(name, at(names.indexOf(name))))
                        .iterator();
            }
        };
    }
}
