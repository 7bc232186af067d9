package io.eda.aggregate;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * How each event changes the state, complete over a sealed event type: a step that is missing is found when the program
 * starts, not when the event comes. Immutable and thread-safe where the steps are pure.
 *
 * @param <S> the state, an immutable value
 * @param <E> the sealed interface of the aggregate's events
 */
public final class Evolution<S, E> {

    private final Map<Class<?>, BiFunction<S, E, S>> steps;

    private Evolution(Map<Class<?>, BiFunction<S, E, S>> steps) {
        this.steps = Map.copyOf(steps);
    }

    /** Returns an evolution to fill, over the events that {@code eventType} permits. */
    public static <S, E> Builder<S, E> over(Class<E> eventType) {
        return new Builder<>(eventType);
    }

    /** Returns the state after {@code event}. */
    public S evolve(S state, E event) {
        BiFunction<S, E, S> step = steps.get(event.getClass());
        if (step == null) {
            throw new IllegalArgumentException(
                    "This evolution has no step for " + event.getClass().getName() + "; it has steps for "
                            + names(steps.keySet()) + ". Is it the event of another aggregate?");
        }
        return step.apply(state, event);
    }

    private static Set<String> names(Iterable<Class<?>> classes) {
        Set<String> names = new TreeSet<>();
        classes.forEach(c -> names.add(c.getSimpleName()));
        return names;
    }

    /**
     * Collects the steps. Not thread-safe.
     *
     * @param <S> the state
     * @param <E> the sealed interface of the events
     */
    public static final class Builder<S, E> {

        private final Class<E> eventType;
        private final Map<Class<?>, BiFunction<S, E, S>> steps = new HashMap<>();

        private Builder(Class<E> eventType) {
            this.eventType = eventType;
        }

        /** Adds how events of {@code eventClass} change the state. */
        public <D extends E> Builder<S, E> on(Class<D> eventClass, BiFunction<S, D, S> step) {
            if (eventClass.isInterface()) {
                throw new IllegalArgumentException("A step is for one class of events, and "
                        + eventClass.getSimpleName() + " is an interface: add a step for each event that it permits");
            }
            if (steps.putIfAbsent(eventClass, (state, event) -> step.apply(state, eventClass.cast(event))) != null) {
                throw new IllegalArgumentException("There is a step for " + eventClass.getSimpleName() + " already");
            }
            return this;
        }

        /**
         * Returns the evolution.
         *
         * @throws IllegalStateException if the event type is open, so that not all events can be known, or permits an
         *     event that has no step
         */
        public Evolution<S, E> build() {
            List<Class<?>> missing = new ArrayList<>(leaves(eventType));
            missing.removeAll(steps.keySet());
            if (!missing.isEmpty()) {
                throw new IllegalStateException(
                        eventType.getSimpleName() + " permits events that have no step: " + names(missing));
            }
            return new Evolution<>(steps);
        }

        private static List<Class<?>> leaves(Class<?> type) {
            Class<?>[] permitted = type.getPermittedSubclasses();
            if (permitted == null) {
                requireClosed(type);
                return List.of(type);
            }
            List<Class<?>> leaves = new ArrayList<>();
            if (!Modifier.isAbstract(type.getModifiers())) {
                leaves.add(type);
            }
            for (Class<?> subclass : permitted) {
                leaves.addAll(leaves(subclass));
            }
            return leaves;
        }

        private static void requireClosed(Class<?> type) {
            if (!Modifier.isFinal(type.getModifiers())) {
                throw new IllegalStateException(type.getName()
                        + (type.isInterface()
                                ? " is an interface that anyone can implement: declare it sealed"
                                : " is a class that anyone can extend: make it a record, or final")
                        + ", so that every event of the aggregate is known");
            }
        }
    }
}
