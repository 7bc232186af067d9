package io.eda.broker.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the members of a partitioned group come to share its queues. The broker makes the first consumer of a queue the active one and
 * lets the others wait, so the first member would get everything. Every member is a consumer of one more queue, which carries nothing
 * and tells how many they are; who is active on more queues than its share lets the rest go. On the keeper's thread.
 */
final class Membership {

    static final long PERIOD_MILLIS = 100;

    private static final Logger log = LoggerFactory.getLogger(Membership.class);

    private final String queue;
    private final BrokerConnection connection;
    private final List<QueueConsumer> consumers;
    private @Nullable Channel channel;

    Membership(String queue, BrokerConnection connection, List<QueueConsumer> consumers) {
        this.queue = queue;
        this.connection = connection;
        this.consumers = consumers;
    }

    void balance() {
        try {
            Optional<Connection> current = connection.current();
            if (current.isEmpty() || !consumers.stream().allMatch(QueueConsumer::isSubscribed)) {
                return;
            }
            int members = count(current.get());
            int share = (consumers.size() + members - 1) / members;
            List<QueueConsumer> active =
                    consumers.stream().filter(QueueConsumer::isActive).toList();
            if (active.size() > share) {
                log.debug(
                        "{} queues are active here, for {} members: all but {} are let go",
                        active.size(),
                        members,
                        share);
                active.subList(share, active.size()).forEach(QueueConsumer::release);
            }
        } catch (IOException | RuntimeException e) {
            // A wrong share is no harm; the next look comes soon.
            log.debug("The members of '{}' are not known", queue, e);
            close();
        }
    }

    private int count(Connection current) throws IOException {
        Channel open = channel;
        if (open == null || !open.isOpen()) {
            open = Channels.open(current);
            channel = open;
            String unused = open.basicConsume(queue, false, new DefaultConsumer(open));
        }
        return Math.max(1, open.queueDeclarePassive(queue).getConsumerCount());
    }

    void close() {
        Channel open = channel;
        channel = null;
        if (open != null) {
            Channels.closeQuietly(open);
        }
    }
}
