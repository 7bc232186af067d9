package io.eda.serialization;

import io.eda.event.EventRecord;
import io.eda.event.EventType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The catalogue of an application's events: which class each type has today, and how older types become it. Explicit
 * code, checked when it is built; immutable and thread-safe.
 *
 * <pre>{@code
 * EventTypes types = EventTypes.builder()
 *         .add("order.created", OrderCreated.class)
 *         .add("user.created", 2, UserCreated.class, upcast -> upcast.from(1, json -> splitName(json)))
 *         .build();
 * }</pre>
 *
 * <p>A name is a fact in the past tense, {@code noun.verb-ed}; another is refused with a proposal, unless it was
 * {@linkplain Builder#allowName allowed on purpose}.
 */
public final class EventTypes {

    private final Map<EventType, Class<?>> classes;
    private final Map<Class<?>, EventType> types;
    private final Map<EventType, UpcastStep> steps;
    private final Map<String, Integer> newestVersions;

    private EventTypes(Builder builder) {
        this.classes = Map.copyOf(builder.classes);
        this.types = Map.copyOf(builder.types);
        this.steps = Map.copyOf(builder.steps);
        this.newestVersions = newestVersions(classes.keySet(), steps.keySet());
    }

    /** Returns an empty catalogue to fill. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the type under which objects of {@code dataClass} are written.
     *
     * @throws EventSerializationException if the class is not in the catalogue
     */
    public EventType typeOf(Class<?> dataClass) {
        EventType type = types.get(dataClass);
        if (type == null) {
            throw new EventSerializationException("The catalogue has no event type for " + dataClass.getName()
                    + ". Add it: EventTypes.builder().add(\"" + NamingRule.proposal(dataClass.getSimpleName())
                    + "\", " + dataClass.getSimpleName() + ".class)");
        }
        return type;
    }

    /**
     * Returns the names under which events of {@code dataClasses} may have been written: today's, and all older ones that
     * upcasters lead to them.
     */
    public Set<String> namesOf(Collection<Class<?>> dataClasses) {
        Set<EventType> wanted = new HashSet<>();
        dataClasses.forEach(dataClass -> wanted.add(typeOf(dataClass)));
        Set<String> names = new TreeSet<>();
        wanted.forEach(type -> names.add(type.name()));
        steps.keySet().stream().filter(old -> leadsTo(old, wanted)).forEach(old -> names.add(old.name()));
        return names;
    }

    /** Returns the class of {@code type}, or null where it is not a current type. */
    @Nullable
    Class<?> classOf(EventType type) {
        return classes.get(type);
    }

    /** Refuses a record whose type is neither current nor upcast, before anybody tries to read its data. */
    void requireKnown(EventRecord record) {
        if (!classes.containsKey(record.eventType()) && !steps.containsKey(record.eventType())) {
            throw unreadable(record);
        }
    }

    /** Returns what an event of an old type is today. */
    List<UpcastEvent> upcast(EventRecord record, ObjectNode data) {
        List<UpcastEvent> current = new ArrayList<>();
        upcast(record, new UpcastEvent(record.eventType(), data), current);
        return current;
    }

    // The steps have no cycle, see Builder.build, so this ends.
    private void upcast(EventRecord record, UpcastEvent event, List<UpcastEvent> current) {
        if (classes.containsKey(event.type())) {
            current.add(event);
            return;
        }
        UpcastStep step = steps.get(event.type());
        if (step == null) {
            throw unreadable(record);
        }
        for (UpcastEvent next : step.apply(record, event)) {
            upcast(record, next, current);
        }
    }

    private EventDeserializationException unreadable(EventRecord record) {
        Integer newest = newestVersions.get(record.eventType().name());
        if (newest == null) {
            return new EventDeserializationException.UnknownType(
                    record, newestVersions.isEmpty() ? "none" : new TreeSet<>(newestVersions.keySet()).toString());
        }
        return record.eventType().version() > newest
                ? new EventDeserializationException.UnknownVersion(record, newest)
                : new EventDeserializationException.MissingUpcaster(record, newest);
    }

    private boolean leadsTo(EventType old, Set<EventType> wanted) {
        UpcastStep step = steps.get(old);
        return step != null
                && step.targets().stream().anyMatch(target -> wanted.contains(target) || leadsTo(target, wanted));
    }

    @SafeVarargs
    private static Map<String, Integer> newestVersions(Set<EventType>... known) {
        Map<String, Integer> newest = new HashMap<>();
        for (Set<EventType> types : known) {
            types.forEach(type -> newest.merge(type.name(), type.version(), Math::max));
        }
        return newest;
    }

    /** Collects a catalogue. Not thread-safe. */
    public static final class Builder {

        private final Map<EventType, Class<?>> classes = new LinkedHashMap<>();
        private final Map<Class<?>, EventType> types = new HashMap<>();
        private final Map<EventType, UpcastStep> steps = new LinkedHashMap<>();
        private final Set<String> allowedNames = new HashSet<>();

        private Builder() {}

        /** Adds version 1 of the event {@code name}. */
        public Builder add(String name, Class<?> dataClass) {
            return add(name, 1, dataClass, upcast -> {});
        }

        /** Adds the event {@code name}, today in {@code version}, with the steps from its older versions. */
        public Builder add(String name, int version, Class<?> dataClass, Consumer<Upcasts> upcasts) {
            if (!allowedNames.contains(name)) {
                NamingRule.check(name);
            }
            EventType type = EventType.of(name, version);
            if (classes.keySet().stream().anyMatch(known -> known.name().equals(name))) {
                throw new IllegalArgumentException("The event '" + name + "' is in the catalogue already: an event has"
                        + " one class, of its current version; older versions are upcast");
            }
            EventType other = types.put(dataClass, type);
            if (other != null) {
                throw new IllegalArgumentException(dataClass.getName() + " is the class of '" + other
                        + "' already: give '" + name + "' a class of its own");
            }
            classes.put(type, dataClass);
            upcasts.accept(new Upcasts(name, this));
            return this;
        }

        /** Adds a step from an old type to another one, which may have another name. */
        public Builder upcast(EventType from, EventType to, UnaryOperator<ObjectNode> change) {
            return upcast(from, Set.of(to), data -> List.of(new UpcastEvent(to, change.apply(data))));
        }

        /** Adds a step from an old type to any number of events of the types {@code to}. */
        public Builder upcast(EventType from, Set<EventType> to, EventUpcaster upcaster) {
            if (steps.putIfAbsent(from, new UpcastStep(from, Set.copyOf(to), upcaster)) != null) {
                throw new IllegalArgumentException(
                        "There is an upcaster from '" + from + "' already: an old type has one future");
            }
            return this;
        }

        /** Allows {@code name} although it breaks the naming rule, for events that exist and cannot be renamed. */
        public Builder allowName(String name) {
            allowedNames.add(name);
            return this;
        }

        /**
         * Returns the catalogue.
         *
         * @throws IllegalStateException if an upcaster leads nowhere or in a circle
         */
        public EventTypes build() {
            steps.values().forEach(this::checkTargets);
            steps.keySet().forEach(type -> checkEnds(type, new ArrayList<>()));
            return new EventTypes(this);
        }

        private void checkTargets(UpcastStep step) {
            if (classes.containsKey(step.from())) {
                throw new IllegalStateException("There is an upcaster from '" + step.from() + "', which is current: "
                        + "raise the version of its class, or remove the upcaster");
            }
            for (EventType target : step.targets()) {
                if (!classes.containsKey(target) && !steps.containsKey(target)) {
                    throw new IllegalStateException("The upcaster from '" + step.from() + "' leads to '" + target
                            + "', which is neither current nor upcast further: add that class or the missing upcaster");
                }
            }
        }

        private void checkEnds(EventType type, List<EventType> path) {
            if (path.contains(type)) {
                throw new IllegalStateException("The upcasters lead in a circle: " + path + " and again " + type);
            }
            UpcastStep step = steps.get(type);
            if (step != null) {
                path.add(type);
                step.targets().forEach(target -> checkEnds(target, path));
                path.remove(path.size() - 1);
            }
        }
    }

    /** The steps between the versions of one event. */
    public static final class Upcasts {

        private final String name;
        private final Builder builder;

        private Upcasts(String name, Builder builder) {
            this.name = name;
            this.builder = builder;
        }

        /** Adds the step from {@code version} to the next one. */
        public Upcasts from(int version, UnaryOperator<ObjectNode> change) {
            builder.upcast(EventType.of(name, version), EventType.of(name, version + 1), change);
            return this;
        }
    }
}
