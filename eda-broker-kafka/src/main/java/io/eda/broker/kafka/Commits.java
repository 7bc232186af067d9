package io.eda.broker.kafka;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** How it is told to the broker what is finished: on the thread that polls, for one consumer. */
interface Commits {

    /** Makes ready, before anything is consumed. */
    void open();

    /** Tells it; what is not told is offered again. */
    void commit(Map<TopicPartition, Prefix> finished);

    /** Tells it and waits, for {@code limit} at most where that can be. Returns false where it may help to poll and try again. */
    boolean commitNow(Map<TopicPartition, Prefix> finished, Duration limit);

    void close();
}
