package io.eda.projection;

import io.eda.event.Event;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A read model told as what each event changes in it. Immutable; its handlers are called by one thread at a time, in the
 * order of the events.
 *
 * @param <C> what the handlers write with, such as the open transaction of a {@code java.sql.Connection}
 */
public final class Projection<C> {

    private final String name;
    private final Map<Class<?>, Handler<?, C>> handlers;
    private final CheckpointStore.Work<C> clear;

    private Projection(Builder<C> builder) {
        this.name = builder.name;
        this.handlers = Map.copyOf(builder.handlers);
        this.clear = builder.clear;
    }

    /** Returns a projection to fill; {@code name} is the name of its checkpoint. */
    public static <C> Builder<C> named(String name) {
        return new Builder<>(name);
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns the classes of the events that change this read model. */
    public Collection<Class<?>> eventClasses() {
        return handlers.keySet();
    }

    /** Applies one event; an event that has no handler changes nothing. */
    public void apply(Event<?> event, C context) throws Exception {
        Handler<?, C> handler = handlers.get(event.data().getClass());
        if (handler != null) {
            applyTo(handler, event, context);
        }
    }

    /** Empties the read model, before it is built again. */
    public void clear(C context) throws Exception {
        clear.run(context);
    }

    @SuppressWarnings("unchecked") // Builder.on adds a handler under the class of its own events alone.
    private static <D, C> void applyTo(Handler<D, C> handler, Event<?> event, C context) throws Exception {
        handler.apply((Event<D>) event, context);
    }

    /**
     * What one event changes.
     *
     * @param <D> the class of the event's data
     * @param <C> what is written with
     */
    @FunctionalInterface
    public interface Handler<D, C> {

        /** Changes the read model. Whatever it throws stops the projection at this event, and it is tried again. */
        void apply(Event<D> event, C context) throws Exception;
    }

    /**
     * Collects the handlers. Not thread-safe.
     *
     * @param <C> what the handlers write with
     */
    public static final class Builder<C> {

        private final String name;
        private final Map<Class<?>, Handler<?, C>> handlers = new HashMap<>();
        private CheckpointStore.Work<C> clear;

        private Builder(String name) {
            if (name.isBlank() || name.length() > 200) {
                throw new IllegalArgumentException(
                        "'" + name + "' cannot name a projection: use 1 to 200 characters, such as 'order_views'");
            }
            this.name = name;
            this.clear = context -> {
                throw new IllegalStateException(
                        "The projection '" + name + "' cannot be built again, because nobody said"
                                + " how to empty it: add .clearedBy(…) to its definition");
            };
        }

        /** Adds what events of one class change. */
        public <D> Builder<C> on(Class<D> dataClass, Handler<D, C> handler) {
            if (handlers.putIfAbsent(dataClass, handler) != null) {
                throw new IllegalArgumentException(
                        "The projection '" + name + "' has a handler for " + dataClass.getSimpleName() + " already");
            }
            return this;
        }

        /** Says how to empty the read model, so that it can be built again. */
        public Builder<C> clearedBy(CheckpointStore.Work<C> work) {
            this.clear = Objects.requireNonNull(work, "work");
            return this;
        }

        /** Returns the projection. */
        public Projection<C> build() {
            if (handlers.isEmpty()) {
                throw new IllegalStateException("The projection '" + name + "' handles no event: add one with .on(…)");
            }
            return new Projection<>(this);
        }
    }
}
