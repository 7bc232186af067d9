package io.eda.broker.kafka;

import java.time.Duration;

/**
 * The limits of a {@link KafkaTransport}.
 *
 * @param publishTimeout by when a publish future completes, at least 1 second. Default 30 seconds
 * @param maxBody how many bytes the body of a message may have, from 1; a larger one fails as too large. The broker's own
 *     limit, {@code message.max.bytes}, counts headers and key too: raise that one first. Default 1 000 000
 * @param maxPending how many messages may be published and not yet answered for; more are not accepted. Default 100 000
 * @param maxPendingBytes how many bytes they may have together, from 1 MiB. Default 64 MiB
 * @param commitInterval how often finished offsets are committed, at least 1 millisecond: the shorter, the fewer messages come
 *     twice after a crash. Default 200 ms
 * @param maxBuffered how many messages of one partition may be fetched and not finished, from 1; a partition that has more
 *     rests until half of them are finished. Default 4 000
 * @param maxBufferedBytes how many bytes one receiver may hold, from 1 MiB. Default 64 MiB
 * @param revocationTimeout how long a rebalance waits for messages that are being handled, before their partition goes to
 *     another member, which then gets them again. Default 10 seconds
 * @param closeTimeout how long closing a receiver waits for the broker, and closing the transport for what is published as
 *     well. Default 5 seconds
 * @param shareConsumers how many share consumers a receiver of an unordered group opens for events, each a member of the group,
 *     from 1, and one more for what is redelivered: a message that is slow holds up its own consumer alone. Default 4
 */
public record KafkaLimits(
        Duration publishTimeout,
        int maxBody,
        int maxPending,
        long maxPendingBytes,
        Duration commitInterval,
        int maxBuffered,
        long maxBufferedBytes,
        Duration revocationTimeout,
        Duration closeTimeout,
        int shareConsumers) {

    private static final int MIB = 1 << 20;

    private static final KafkaLimits DEFAULTS = new KafkaLimits(
            Duration.ofSeconds(30),
            1_000_000,
            100_000,
            64L * MIB,
            Duration.ofMillis(200),
            4_000,
            64L * MIB,
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            4);

    /** Checks every limit. */
    public KafkaLimits {
        if (publishTimeout.compareTo(Duration.ofSeconds(1)) < 0 || publishTimeout.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "Publishing is to end within " + publishTimeout + ": give the broker between 1 second and 1 hour");
        }
        if (maxBody < 1) {
            throw new IllegalArgumentException("A body may have " + maxBody + " bytes: allow at least 1");
        }
        if (maxPending < 1 || maxPendingBytes < MIB) {
            throw new IllegalArgumentException("At most " + maxPending + " messages of " + maxPendingBytes
                    + " bytes may be pending: allow at least 1, and 1 MiB");
        }
        if (commitInterval.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("Offsets are to be committed every " + commitInterval
                    + ": leave at least 1 ms, such as the default of 200 ms");
        }
        if (maxBuffered < 1 || maxBufferedBytes < MIB) {
            throw new IllegalArgumentException("A receiver may hold " + maxBuffered + " messages of a partition and "
                    + maxBufferedBytes + " bytes: allow at least 1, and 1 MiB");
        }
        if (shareConsumers < 1) {
            throw new IllegalArgumentException(
                    "A receiver of an unordered group is to open " + shareConsumers + " consumers: open at least 1");
        }
        if (revocationTimeout.isNegative() || closeTimeout.isNegative()) {
            throw new IllegalArgumentException("A rebalance is to wait " + revocationTimeout + " and closing "
                    + closeTimeout + ": use zero or more");
        }
    }

    /** Returns the defaults. */
    public static KafkaLimits defaults() {
        return DEFAULTS;
    }

    /** Returns a copy with another deadline for publish futures. */
    public KafkaLimits withPublishTimeout(Duration timeout) {
        return new KafkaLimits(
                timeout,
                maxBody,
                maxPending,
                maxPendingBytes,
                commitInterval,
                maxBuffered,
                maxBufferedBytes,
                revocationTimeout,
                closeTimeout,
                shareConsumers);
    }

    /** Returns a copy with another largest body. */
    public KafkaLimits withMaxBody(int bytes) {
        return new KafkaLimits(
                publishTimeout,
                bytes,
                maxPending,
                maxPendingBytes,
                commitInterval,
                maxBuffered,
                maxBufferedBytes,
                revocationTimeout,
                closeTimeout,
                shareConsumers);
    }

    /** Returns a copy that lets another number of messages, and of their bytes, be pending. */
    public KafkaLimits withMaxPending(int messages, long bytes) {
        return new KafkaLimits(
                publishTimeout,
                maxBody,
                messages,
                bytes,
                commitInterval,
                maxBuffered,
                maxBufferedBytes,
                revocationTimeout,
                closeTimeout,
                shareConsumers);
    }

    /** Returns a copy that commits at another interval. */
    public KafkaLimits withCommitInterval(Duration interval) {
        return new KafkaLimits(
                publishTimeout,
                maxBody,
                maxPending,
                maxPendingBytes,
                interval,
                maxBuffered,
                maxBufferedBytes,
                revocationTimeout,
                closeTimeout,
                shareConsumers);
    }

    /** Returns a copy that holds another number of messages of a partition, and of bytes in all. */
    public KafkaLimits withMaxBuffered(int messages, long bytes) {
        return new KafkaLimits(
                publishTimeout,
                maxBody,
                maxPending,
                maxPendingBytes,
                commitInterval,
                messages,
                bytes,
                revocationTimeout,
                closeTimeout,
                shareConsumers);
    }

    /** Returns a copy with other waits of rebalances and of closing. */
    public KafkaLimits withPatience(Duration newRevocationTimeout, Duration newCloseTimeout) {
        return new KafkaLimits(
                publishTimeout,
                maxBody,
                maxPending,
                maxPendingBytes,
                commitInterval,
                maxBuffered,
                maxBufferedBytes,
                newRevocationTimeout,
                newCloseTimeout,
                shareConsumers);
    }

    /** Returns a copy whose receivers of unordered groups open another number of consumers. */
    public KafkaLimits withShareConsumers(int consumers) {
        return new KafkaLimits(
                publishTimeout,
                maxBody,
                maxPending,
                maxPendingBytes,
                commitInterval,
                maxBuffered,
                maxBufferedBytes,
                revocationTimeout,
                closeTimeout,
                consumers);
    }
}
