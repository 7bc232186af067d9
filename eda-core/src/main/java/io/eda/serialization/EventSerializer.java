package io.eda.serialization;

import io.eda.event.Event;
import io.eda.event.EventRecord;
import java.util.List;

/**
 * Turns facts into bytes and back, over all versions that were ever written.
 *
 * <ol>
 *   <li><b>Readable for ever.</b> What {@link #serialize} wrote, {@link #deserialize} reads, after any change of the
 *       classes for which the catalogue has upcasters.
 *   <li><b>Never silent.</b> What cannot be read is an {@link EventDeserializationException} that names event, type and
 *       remedy.
 * </ol>
 *
 * <p>Implementations are thread-safe.
 */
public interface EventSerializer {

    /** Returns the catalogue of the events that this serializer knows. */
    EventTypes types();

    /**
     * Returns {@code data} as bytes, the same bytes for equal data.
     *
     * @throws EventSerializationException if the class is not in the catalogue, or the data cannot be written or are too
     *     large
     */
    byte[] serialize(Object data);

    /**
     * Returns the event that {@code record} holds, in its current version: one as a rule, several where an upcaster splits
     * the old event, none where it says that the old event means nothing any more. Parts of one record share its envelope
     * but for the type, and from the second on the id, which is made from the record's: the same at every reading.
     *
     * @throws EventDeserializationException if the record cannot be read
     */
    List<Event<?>> deserialize(EventRecord record);
}
