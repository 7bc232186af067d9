package io.eda.transport;

import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Headers as they came over the wire: a value becomes a text when somebody asks for it, and most are never asked for. Where a name comes
 * twice, the last counts. Unmodifiable, and thread-safe: at worst a text is made twice.
 */
public final class EncodedHeaders extends AbstractMap<String, String> {

    private final String[] names;
    private final byte[][] encoded;
    private final @Nullable String[] texts;
    private final int size;

    private EncodedHeaders(String[] names, byte[][] encoded, int size) {
        this.names = names;
        this.encoded = encoded;
        this.texts = new String[size];
        this.size = size;
    }

    /** Returns the text of {@code name}; bytes that are no UTF-8 become replacement characters. */
    @Override
    public @Nullable String get(@Nullable Object name) {
        for (int i = 0; i < size; i++) {
            if (names[i].equals(name)) {
                return text(i);
            }
        }
        return null;
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return get(name) != null;
    }

    @Override
    public int size() {
        return size;
    }

    private String text(int index) {
        String text = texts[index];
        if (text == null) {
            text = new String(encoded[index], StandardCharsets.UTF_8);
            texts[index] = text;
        }
        return text;
    }

    @Override
    public Set<String> keySet() {
        return each(index -> names[index]);
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
        return each(index -> Map.entry(names[index], text(index)));
    }

    private <T> Set<T> each(IntFunction<T> element) {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public Iterator<T> iterator() {
                return IntStream.range(0, size).mapToObj(element).iterator();
            }
        };
    }

    /** Collects headers. For one thread, and for one set of them. */
    public static final class Builder {

        private final String[] names;
        private final byte[][] encoded;
        private int size;

        /** Begins with none of {@code most} at most. */
        public Builder(int most) {
            names = new String[most];
            encoded = new byte[most][];
        }

        /** Adds one, in place of an earlier one of that name; {@code value} is UTF-8 and is not to be changed any more. */
        public Builder add(String name, byte[] value) {
            int index = 0;
            while (index < size && !names[index].equals(name)) {
                index++;
            }
            names[index] = name;
            encoded[index] = value;
            size = Math.max(size, index + 1);
            return this;
        }

        /** Returns what was collected. */
        public EncodedHeaders build() {
            return new EncodedHeaders(names, encoded, size);
        }
    }
}
