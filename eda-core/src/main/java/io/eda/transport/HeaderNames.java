package io.eda.transport;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of a message's headers as they came over the wire. Most messages of a topic have those of the one before, so an adapter keeps
 * them, and reads and compares each text once for many messages. Immutable.
 */
public final class HeaderNames {

    private final List<String> names;
    private final Map<String, Integer> indexes = new LinkedHashMap<>();

    private HeaderNames(List<String> names) {
        this.names = names;
        for (int i = 0; i < names.size(); i++) {
            indexes.put(names.get(i), i);
        }
    }

    /** Returns these names, in the order of the values that will come with them; of a name that comes twice the last value counts. */
    public static HeaderNames of(List<String> names) {
        return new HeaderNames(List.copyOf(names));
    }

    /** Returns how many there are, a name that comes twice counted twice. */
    public int count() {
        return names.size();
    }

    /** Returns the name at {@code index}, from 0. */
    public String at(int index) {
        return names.get(index);
    }

    /** Returns where the value of {@code name} stands, or -1. */
    int indexOf(@Nullable Object name) {
        Integer index = indexes.get(name);
        return index == null ? -1 : index;
    }

    /** Returns each name once. */
    Set<String> distinct() {
        return indexes.keySet();
    }
}
