package io.eda.serialization;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings an event of an old type one step towards the present: into one event, into several, or into none where the old
 * event means nothing any more.
 *
 * <p>An upcaster is a pure function of the JSON that it is given: it may change that tree and return it. It is called from
 * many threads.
 */
@FunctionalInterface
public interface EventUpcaster {

    /** Returns what {@code data} is in the next version, each with the type that it has there. */
    List<UpcastEvent> upcast(ObjectNode data);
}
