package io.eda.broker.rabbitmq;

/**
 * How is published: the limits on the way to the broker, and two choices.
 *
 * @param channels over how many channels, each with one thread that writes: 1 to 16; the messages of one key share one.
 *     Default 2
 * @param maxUnconfirmed how many messages may be written and not yet confirmed, over all channels, from 1. Default 3 000
 * @param maxUnconfirmedBytes how many bytes they may have together, from 1; a larger one goes alone. Default 16 MiB
 * @param maxWaiting how many messages may wait to be written; what comes beyond fails at once. Default 100 000
 * @param maxWaitingBytes how many bytes of memory they may take. Default 64 MiB
 * @param maxMessageBytes the largest body that is handed to the broker; its own limit is 16 MiB from 4.0 on, 128 MiB before.
 *     Default 16 MiB
 * @param afterLoss what becomes of written messages whose channel dies before the broker answers
 * @param unroutable what becomes of a message that no group wants
 */
public record RabbitMqPublishing(
        int channels,
        int maxUnconfirmed,
        long maxUnconfirmedBytes,
        int maxWaiting,
        long maxWaitingBytes,
        int maxMessageBytes,
        AfterLoss afterLoss,
        Unroutable unroutable) {

    private static final RabbitMqPublishing DEFAULTS = new RabbitMqPublishing(
            2, 3_000, 16L << 20, 100_000, 64L << 20, 16 << 20, AfterLoss.PUBLISH_AGAIN, Unroutable.FAILS);

    /** What becomes of written messages whose channel dies before the broker answers. */
    public enum AfterLoss {
        /** They are published again with the same id, in their order, until the deadline: they may arrive twice. */
        PUBLISH_AGAIN,
        /** Their futures fail as unknown, and so do later messages of their keys that wait. */
        FAILS
    }

    /** What becomes of a message that no group wants. */
    public enum Unroutable {
        /** Its future fails as unroutable. */
        FAILS,
        /** Its future completes: a type that nobody subscribes to is nobody's concern. */
        IS_DROPPED
    }

    /** Checks the limits. */
    public RabbitMqPublishing {
        if (channels < 1 || channels > 16) {
            throw new IllegalArgumentException(channels + " channels to publish on: use 1 to 16");
        }
        if (maxUnconfirmed < 1 || maxUnconfirmedBytes < 1 || maxWaiting < 1 || maxWaitingBytes < 1) {
            throw new IllegalArgumentException(
                    "Limits of " + maxUnconfirmed + " messages and " + maxUnconfirmedBytes + " bytes unconfirmed, "
                            + maxWaiting + " and " + maxWaitingBytes + " waiting: allow at least 1 of each");
        }
        if (maxMessageBytes < 1) {
            throw new IllegalArgumentException(
                    "Messages of at most " + maxMessageBytes + " bytes: allow at least 1 byte");
        }
    }

    /** Returns the defaults. */
    public static RabbitMqPublishing defaults() {
        return DEFAULTS;
    }

    /** Returns a copy with another number of channels. */
    public RabbitMqPublishing withChannels(int newChannels) {
        return new RabbitMqPublishing(
                newChannels,
                maxUnconfirmed,
                maxUnconfirmedBytes,
                maxWaiting,
                maxWaitingBytes,
                maxMessageBytes,
                afterLoss,
                unroutable);
    }

    /** Returns a copy with another window of unconfirmed messages. */
    public RabbitMqPublishing withMaxUnconfirmed(int messages, long bytes) {
        return new RabbitMqPublishing(
                channels, messages, bytes, maxWaiting, maxWaitingBytes, maxMessageBytes, afterLoss, unroutable);
    }

    /** Returns a copy that lets another number of messages, and of their bytes, wait. */
    public RabbitMqPublishing withMaxWaiting(int messages, long bytes) {
        return new RabbitMqPublishing(
                channels, maxUnconfirmed, maxUnconfirmedBytes, messages, bytes, maxMessageBytes, afterLoss, unroutable);
    }

    /** Returns a copy with another limit for bodies. */
    public RabbitMqPublishing withMaxMessageBytes(int bytes) {
        return new RabbitMqPublishing(
                channels,
                maxUnconfirmed,
                maxUnconfirmedBytes,
                maxWaiting,
                maxWaitingBytes,
                bytes,
                afterLoss,
                unroutable);
    }

    /** Returns a copy with other choices. */
    public RabbitMqPublishing withChoices(AfterLoss newAfterLoss, Unroutable newUnroutable) {
        return new RabbitMqPublishing(
                channels,
                maxUnconfirmed,
                maxUnconfirmedBytes,
                maxWaiting,
                maxWaitingBytes,
                maxMessageBytes,
                newAfterLoss,
                newUnroutable);
    }
}
