package io.eda.transport;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The question how far a group has come with some messages.
 *
 * @param group which group
 * @param messages which messages
 * @param maxRecords how many messages of the broker's log may be looked through for all of them, from 1
 * @param timeout how long that may take, more than zero
 */
public record ProgressRequest(String group, List<Sought> messages, int maxRecords, Duration timeout) {

    /** Checks the limits and copies the messages. */
    public ProgressRequest {
        messages = List.copyOf(messages);
        if (maxRecords < 1 || timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("The progress of '" + group + "' is to be found among " + maxRecords
                    + " records within " + timeout + ": allow at least 1, and some time");
        }
    }

    /**
     * A message that was published, as those know it who have it not.
     *
     * @param id its id
     * @param topic the topic that it was published to
     * @param key its key
     * @param since it was published then or later, give or take how far the clocks of machines differ
     */
    public record Sought(String id, String topic, String key, Instant since) {}
}
