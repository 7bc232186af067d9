package io.eda.transport;

import java.time.Duration;

/**
 * A message that was received and waits to be settled. The first of its settlements counts; later ones, and those after the
 * receiver was closed or has lost the message to another member, do nothing. Thread-safe.
 */
public interface Delivery {

    /** Returns what was received. */
    Message message();

    /**
     * Returns which attempt this is: 1 for the first, more where the transport knows of earlier deliveries of this message to
     * this group that ended in {@link #retryLater} or with the death of the member.
     */
    int attempt();

    /** Returns where the broker has it, for people: the destination and the place in it, such as {@code events.order/3@1042}. */
    String position();

    /** Says that it is done with: it is not delivered again. */
    void ack();

    /**
     * Gives it back as failed: it is delivered again, as the next attempt, not earlier than {@code delay} from now, and before
     * later messages of its key.
     */
    void retryLater(Duration delay);

    /** Says that it will never be handled here: it goes unchanged to the dead letters of the group, and is done with. */
    void reject();
}
