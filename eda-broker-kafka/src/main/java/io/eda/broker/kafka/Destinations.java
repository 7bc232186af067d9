package io.eda.broker.kafka;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The Kafka topics of messages. Remembers them: to make a name and check it would cost as much as the rest of a message. */
final class Destinations {

    // Topics are kinds of aggregates: whoever has more pays for the check.
    private static final int MOST_REMEMBERED = 1_000;

    private final KafkaTopics topics;
    private final Map<String, Destination> known = new ConcurrentHashMap<>();

    Destinations(KafkaTopics topics) {
        this.topics = topics;
    }

    /** As {@link Destination#ofMessages}. */
    Destination of(String messageTopic) {
        Destination destination = known.get(messageTopic);
        if (destination == null) {
            destination = Destination.ofMessages(messageTopic, topics);
            if (known.size() < MOST_REMEMBERED) {
                known.put(messageTopic, destination);
            }
        }
        return destination;
    }
}
