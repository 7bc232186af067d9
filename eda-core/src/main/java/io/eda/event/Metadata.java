package io.eda.event;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Small texts that travel with an event beside its data: trace context, tenant, user. Immutable, and always in the order
 * of the keys, so that equal metadata give equal bytes.
 *
 * <p>Keys have 1 to 100 characters, values up to 4 000; an event carries up to 64 entries.
 */
public final class Metadata {

    /** The most entries that an event carries. */
    public static final int MAX_ENTRIES = 64;

    /** The most characters of a key. */
    public static final int MAX_KEY_LENGTH = 100;

    /** The most characters of a value. */
    public static final int MAX_VALUE_LENGTH = 4_000;

    private static final Metadata EMPTY = new Metadata(new TreeMap<>());

    private final Map<String, String> entries;

    private Metadata(Map<String, String> entries) {
        this.entries = Collections.unmodifiableMap(entries);
    }

    /** Returns metadata without an entry. */
    public static Metadata empty() {
        return EMPTY;
    }

    /** Returns metadata with one entry. */
    public static Metadata of(String key, String value) {
        return EMPTY.with(key, value);
    }

    /** Returns metadata with a copy of {@code entries}. */
    public static Metadata of(Map<String, String> entries) {
        if (entries.isEmpty()) {
            return EMPTY;
        }
        if (entries.size() > MAX_ENTRIES) {
            throw new IllegalArgumentException("Metadata of " + entries.size() + " entries, the limit is " + MAX_ENTRIES
                    + ": what belongs to the fact belongs into its data");
        }
        entries.forEach(Metadata::check);
        return new Metadata(new TreeMap<>(entries));
    }

    /** Returns a copy in which {@code key} has {@code value}, whether it was there before or not. */
    public Metadata with(String key, String value) {
        TreeMap<String, String> copy = new TreeMap<>(entries);
        copy.put(key, value);
        return of(copy);
    }

    /** Returns the value of {@code key}, or nothing where it has none. */
    public Optional<String> get(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    /** Returns whether there is no entry. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Returns the entries as an unmodifiable map in the order of the keys. */
    public Map<String, String> asMap() {
        return entries;
    }

    private static void check(String key, String value) {
        Limits.requireText("A metadata key", key, MAX_KEY_LENGTH);
        if (value.length() > MAX_VALUE_LENGTH) {
            throw new IllegalArgumentException(
                    "The metadata '" + key + "' has " + value.length() + " characters, the limit is " + MAX_VALUE_LENGTH
                            + ": what belongs to the fact belongs into its data");
        }
        Limits.requirePrintable("The metadata '" + key + "'", value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Metadata that && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    /** Returns the keys alone: values may hold what does not belong into a log. */
    @Override
    public String toString() {
        return entries.keySet().toString();
    }
}
