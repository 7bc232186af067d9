package io.eda.serialization;

import io.eda.event.EventType;
import java.util.Objects;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an {@link EventUpcaster} made of an old event.
 *
 * @param type the type that the data now have; one that was declared where the upcaster was added
 * @param data the data in the shape of that type
 */
public record UpcastEvent(EventType type, ObjectNode data) {

    /** Checks that nothing is missing. */
    public UpcastEvent {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(data, "data");
    }
}
