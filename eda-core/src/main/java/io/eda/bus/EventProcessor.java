package io.eda.bus;

import io.eda.event.Event;
import java.util.List;

/** Makes events of an event, which are published when that one is acknowledged: both take effect together, or neither. */
@FunctionalInterface
public interface EventProcessor {

    /**
     * Returns the events to publish, in their order; none where there are none. It has no other effect: it is called again for
     * the same event when it throws, after a crash, or where the transaction failed.
     */
    List<? extends Event<?>> process(Event<?> event) throws Exception;
}
