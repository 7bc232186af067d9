package io.eda.projection;

import io.eda.event.Event;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A read model told as what each event changes in it, by a handler for each class of events, or by one for many events at
 * once. Immutable; its handlers are called by one thread at a time, in the order of the events.
 *
 * @param <C> what the handlers write with, such as the open transaction of a {@code java.sql.Connection}
 */
public final class Projection<C> {

    private final String name;
    private final Map<Class<?>, Handler<?, C>> handlers;
    private final Set<Class<?>> batchClasses;
    private final Optional<BatchHandler<C>> batchHandler;
    private final CheckpointStore.Work<C> clear;

    private Projection(Builder<C> builder) {
        this.name = builder.name;
        this.handlers = Map.copyOf(builder.handlers);
        this.batchClasses = Set.copyOf(builder.batchClasses);
        this.batchHandler = builder.batchHandler;
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
        return batchHandler.isPresent() ? batchClasses : handlers.keySet();
    }

    /** Applies events in their order; an event that has no handler changes nothing. */
    public void apply(List<? extends Event<?>> events, C context) throws Exception {
        if (batchHandler.isPresent()) {
            applyTo(batchHandler.get(), events, context);
            return;
        }
        for (Event<?> event : events) {
            Handler<?, C> handler = handlers.get(event.data().getClass());
            if (handler != null) {
                applyTo(handler, event, context);
            }
        }
    }

    private void applyTo(BatchHandler<C> handler, List<? extends Event<?>> events, C context) throws Exception {
        List<Event<?>> wanted = new ArrayList<>(events.size());
        for (Event<?> event : events) {
            if (batchClasses.contains(event.data().getClass())) {
                wanted.add(event);
            }
        }
        if (!wanted.isEmpty()) {
            handler.apply(List.copyOf(wanted), context);
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
     * What many events change together.
     *
     * @param <C> what is written with
     */
    @FunctionalInterface
    public interface BatchHandler<C> {

        /**
         * Changes the read model by {@code events}, one or more in their order, a page at most; all or none of it takes effect.
         * Where it throws, the events come again in halves, until the one that it throws for comes alone, and the policy
         * decides about that one. With a store that cannot undo failed work every event comes alone from the start.
         */
        void apply(List<Event<?>> events, C context) throws Exception;
    }

    /**
     * Collects the handlers. Not thread-safe.
     *
     * @param <C> what the handlers write with
     */
    public static final class Builder<C> {

        private final String name;
        private final Map<Class<?>, Handler<?, C>> handlers = new HashMap<>();
        private final Set<Class<?>> batchClasses = new HashSet<>();
        private Optional<BatchHandler<C>> batchHandler = Optional.empty();
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

        /**
         * Says what events of these classes change together, in place of a handler for each class: for a read model that is
         * written faster by the page, by {@code COPY} for example.
         */
        public Builder<C> inBatches(Collection<? extends Class<?>> dataClasses, BatchHandler<C> handler) {
            if (batchHandler.isPresent()) {
                throw new IllegalArgumentException("The projection '" + name + "' has a handler for batches already");
            }
            batchClasses.addAll(dataClasses);
            batchHandler = Optional.of(handler);
            return this;
        }

        /** Says how to empty the read model, so that it can be built again. */
        public Builder<C> clearedBy(CheckpointStore.Work<C> work) {
            this.clear = Objects.requireNonNull(work, "work");
            return this;
        }

        /** Returns the projection. */
        public Projection<C> build() {
            if (handlers.isEmpty() && batchClasses.isEmpty()) {
                throw new IllegalStateException("The projection '" + name
                        + "' handles no event: add one with .on(…), or several with .inBatches(…)");
            }
            if (!handlers.isEmpty() && batchHandler.isPresent()) {
                throw new IllegalStateException("The projection '" + name
                        + "' has handlers for single events and for batches, whose order nobody could tell: use .on(…) or"
                        + " .inBatches(…) alone");
            }
            return new Projection<>(this);
        }
    }
}
