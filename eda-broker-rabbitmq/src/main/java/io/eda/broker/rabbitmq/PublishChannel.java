package io.eda.broker.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One channel in confirm mode. Only the writer of its lane publishes on it: the client counts sequence numbers without a lock.
 */
final class PublishChannel {

    private final Channel channel;
    private final Listener lane;
    private final Bursts bursts;

    // Messages that came back, and how often: one may be under way twice. The return comes before the confirm, on the
    // same thread.
    private final Map<String, Integer> returned = new HashMap<>();

    PublishChannel(Channel channel, Listener lane, Bursts bursts) {
        this.channel = channel;
        this.lane = lane;
        this.bursts = bursts;
    }

    /** What a lane hears from its channel, on the connection's thread. */
    interface Listener {
        void onConfirm(PublishChannel from, long sequence, boolean isMultiple, boolean isAccepted);

        void onDeath(PublishChannel dead, ShutdownSignalException cause);
    }

    void open() throws IOException {
        channel.confirmSelect();
        channel.addReturnListener(back -> {
            String id = back.getProperties().getMessageId();
            String ticket = PendingPublish.ticket(String.valueOf(id), back.getExchange(), back.getRoutingKey());
            int unused = returned.merge(ticket, 1, Integer::sum);
        });
        channel.addConfirmListener(
                (sequence, isMultiple) -> lane.onConfirm(this, sequence, isMultiple, true),
                (sequence, isMultiple) -> lane.onConfirm(this, sequence, isMultiple, false));
        channel.addShutdownListener(cause -> lane.onDeath(this, cause));
    }

    long nextSequence() {
        return channel.getNextPublishSeqNo();
    }

    int frameMax() {
        int max = channel.getConnection().getFrameMax();
        return max == 0 ? Integer.MAX_VALUE : max;
    }

    /** Writes all, together where it can be. May block while the broker does not read. */
    void write(List<PendingPublish> batch) throws IOException {
        if (batch.isEmpty()) {
            return;
        }
        int last = batch.size() - 1;
        bursts.begin();
        try {
            for (PendingPublish publish : batch.subList(0, last)) {
                write(publish);
            }
        } finally {
            // Where a write failed, the goodbye of this channel flushes.
            bursts.end();
        }
        write(batch.get(last));
    }

    private void write(PendingPublish publish) throws IOException {
        channel.basicPublish(
                publish.destination.exchange(),
                publish.destination.routingKey(),
                true,
                publish.properties,
                publish.body);
    }

    /** On the connection's thread: whether this message came back before it was confirmed. */
    boolean wasReturned(PendingPublish publish) {
        if (returned.isEmpty()) {
            return false;
        }
        String ticket = publish.ticket();
        boolean isReturned = returned.containsKey(ticket);
        var unused = returned.computeIfPresent(ticket, (same, times) -> times == 1 ? null : times - 1);
        return isReturned;
    }

    /** Why it is dead, after a write failed. */
    ShutdownSignalException deathBy(Exception failedWrite) {
        ShutdownSignalException known = channel.getCloseReason();
        return known != null
                ? known
                : new ShutdownSignalException(
                        false, false, null, channel, "A write failed: " + failedWrite, failedWrite);
    }

    void close() {
        Channels.closeQuietly(channel);
    }
}
