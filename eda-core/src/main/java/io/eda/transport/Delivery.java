package io.eda.transport;

import java.time.Duration;
import java.util.List;

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
     * Says that it is done with, and publishes {@code messages}, in their order: both take effect together, or neither, and
     * then it is delivered again. For transports that declare {@link Capability#TRANSACTIONS}.
     *
     * @throws UnsupportedOperationException if the transport does not, or not for this delivery
     * @throws PublishException if one of them could never be published; nothing was settled then
     */
    default void ackWith(List<Message> messages) {
        throw new UnsupportedOperationException(
                "The transport of " + message()
                        + " cannot publish and acknowledge in one: it declares no TRANSACTIONS. Publish, wait, and acknowledge then");
    }

    /**
     * Gives it back as failed: it is delivered again, as the next attempt, not earlier than {@code delay} from now, and before
     * later messages of its key.
     */
    void retryLater(Duration delay);

    /** Says that it will never be handled here: it goes unchanged to the dead letters of the group, and is done with. */
    void reject();
}
