package io.eda.testkit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An adapter that is broken at one place, on purpose, and the case that must catch it.
 *
 * @param suite the suite that it is run with
 * @param group the nested class that has the case; null where the suite has no groups
 * @param name what it does, as a sentence without its subject: "drops the key"
 * @param breaks the promise that it breaks
 * @param catcher the method of the case
 * @param adapter what the suite opens instead of a correct adapter
 */
public record Saboteur(
        Class<? extends SabotagedSuite<?>> suite,
        @Nullable Class<?> group,
        String name,
        String breaks,
        String catcher,
        Object adapter) {

    /** Checks that nothing is missing. */
    public Saboteur {
        Objects.requireNonNull(suite);
        Objects.requireNonNull(adapter);
    }

    /** Returns the name of the suite as its users know it. */
    public String suiteName() {
        return suite.getSuperclass().getSimpleName().startsWith("Local")
                ? suite.getSuperclass().getSuperclass().getSimpleName()
                : suite.getSuperclass().getSimpleName();
    }

    @Override
    public String toString() {
        return suiteName() + ": " + name;
    }
}
