package io.eda.bus;

import io.eda.serialization.EventSerializer;
import io.eda.transport.Message;
import java.util.List;

/** What the pipeline does to read an event, alone: what is subtracted from the whole. In this package because the codec is nobody else's. */
public final class Decoding {

    private final MessageCodec codec = new MessageCodec("/bench", false);
    private final EventSerializer serializer;

    /** Decodes with {@code serializer}. */
    public Decoding(EventSerializer serializer) {
        this.serializer = serializer;
    }

    /** Decodes all messages, and returns how many events they hold. */
    public long decode(List<Message> messages) {
        long events = 0;
        for (Message message : messages) {
            events += serializer.deserialize(codec.decode(message)).size();
        }
        return events;
    }
}
