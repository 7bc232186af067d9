package io.eda.store;

import java.util.Set;

/**
 * Which events a reader wants.
 *
 * @param typeNames the names of the wanted types, in any version; none means all
 */
public record EventFilter(Set<String> typeNames) {

    private static final EventFilter ALL = new EventFilter(Set.of());

    /** Copies the names. */
    public EventFilter {
        typeNames = Set.copyOf(typeNames);
    }

    /** Returns the filter that lets every event pass. */
    public static EventFilter all() {
        return ALL;
    }

    /** Returns the filter that lets events of these type names pass, in any version. */
    public static EventFilter types(Set<String> typeNames) {
        if (typeNames.isEmpty()) {
            throw new IllegalArgumentException("A filter of no type would let nothing pass: name a type, or use all()");
        }
        return new EventFilter(typeNames);
    }

    /** Returns whether events named {@code typeName} pass. */
    public boolean accepts(String typeName) {
        return typeNames.isEmpty() || typeNames.contains(typeName);
    }
}
