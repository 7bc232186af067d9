package io.eda.broker.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens channels and closes them. */
final class Channels {

    private static final Logger log = LoggerFactory.getLogger(Channels.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private Channels() {}

    static Channel open(Connection connection) throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("The connection has no channel left: " + connection.getChannelMax() + " are open");
        }
        return channel;
    }

    /** On a channel of its own, because an error closes it. */
    static void onChannel(Connection connection, Step step) throws IOException {
        Channel channel = open(connection);
        try {
            step.run(channel);
        } finally {
            closeQuietly(channel);
        }
    }

    /**
     * Closes a channel. The client waits for the broker's answer without a limit, and a channel whose queue has no leader gives
     * none; left open, it could still become a consumer whose messages nobody handles. So its connection goes with it.
     */
    static void closeQuietly(Channel channel) {
        Thread goodbye = Threads.daemon("eda-rabbitmq-goodbye", () -> abort(channel));
        goodbye.start();
        Threads.join(goodbye, CLOSE_LIMIT);
        if (goodbye.isAlive()) {
            log.atWarn()
                    .addKeyValue(
                            "connection", String.valueOf(channel.getConnection().getClientProvidedName()))
                    .log(
                            "A channel cannot be closed: the broker does not answer on it. Its connection is opened anew.");
            Threads.daemon("eda-rabbitmq-goodbye", () -> channel.getConnection()
                            .abort(200, "a channel is stuck", (int) CLOSE_LIMIT.toMillis()))
                    .start();
        }
    }

    private static void abort(Channel channel) {
        try {
            channel.abort();
        } catch (IOException | ShutdownSignalException e) {
            // Whatever ended it, it is ended.
            log.debug("A channel had ended already", e);
        }
    }

    /** One thing to ask of the broker. */
    interface Step {
        void run(Channel channel) throws IOException;
    }
}
