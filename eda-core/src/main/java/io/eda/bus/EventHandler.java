package io.eda.bus;

import io.eda.event.Event;

/**
 * Reacts to events. It is called for one event of an aggregate at a time, in their order, and for other aggregates at the
 * same time; the same event may come again after a crash.
 */
@FunctionalInterface
public interface EventHandler {

    /** Reacts. Whatever it throws lets the event come again, while later events of its aggregate wait. */
    void handle(Event<?> event) throws Exception;

    /** Returns a handler of events of one class, which lets others pass; add more classes to it with {@code on}. */
    static <D> TypedEventHandler on(Class<D> dataClass, TypedEventHandler.Reaction<D> reaction) {
        return TypedEventHandler.none().on(dataClass, reaction);
    }
}
