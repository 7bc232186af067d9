package io.eda.bus;

import io.eda.event.Event;
import java.util.HashMap;
import java.util.Map;

/** A handler that reacts by the class of the event's data, and lets all other events pass. Immutable. */
public final class TypedEventHandler implements EventHandler {

    private static final TypedEventHandler NONE = new TypedEventHandler(Map.of());

    private final Map<Class<?>, Reaction<?>> reactions;

    private TypedEventHandler(Map<Class<?>, Reaction<?>> reactions) {
        this.reactions = Map.copyOf(reactions);
    }

    static TypedEventHandler none() {
        return NONE;
    }

    /** Returns a copy that reacts to events of {@code dataClass} too. */
    public <D> TypedEventHandler on(Class<D> dataClass, Reaction<D> reaction) {
        Map<Class<?>, Reaction<?>> more = new HashMap<>(reactions);
        if (more.putIfAbsent(dataClass, reaction) != null) {
            throw new IllegalArgumentException(
                    "There is a reaction to " + dataClass.getSimpleName() + " already: let it do both");
        }
        return new TypedEventHandler(more);
    }

    @Override
    public void handle(Event<?> event) throws Exception {
        Reaction<?> reaction = reactions.get(event.data().getClass());
        if (reaction != null) {
            react(reaction, event);
        }
    }

    @SuppressWarnings("unchecked") // The method on adds a reaction under the class of its own events alone.
    private static <D> void react(Reaction<D> reaction, Event<?> event) throws Exception {
        reaction.react((Event<D>) event);
    }

    /**
     * What is done about one event.
     *
     * @param <D> the class of the event's data
     */
    @FunctionalInterface
    public interface Reaction<D> {

        /** Does it. */
        void react(Event<D> event) throws Exception;
    }
}
