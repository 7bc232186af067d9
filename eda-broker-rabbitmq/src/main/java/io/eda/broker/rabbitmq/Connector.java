package io.eda.broker.rabbitmq;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.SocketConfigurator;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Opens connections from a copy of the user's factory. */
final class Connector {

    private final RabbitMqOptions options;
    private final Bursts bursts;

    /** With the {@code bursts} of those who write to the connections. */
    Connector(RabbitMqOptions options, Bursts bursts) {
        this.options = options;
        this.bursts = bursts;
    }

    /** Connects to one of the addresses; {@code onSocket} learns each socket that is tried, the last one is the connection's. */
    Connection open(String name, Consumer<Socket> onSocket) throws IOException, TimeoutException {
        ConnectionFactory factory = options.connectionFactory().clone();
        // The client's recovery knows neither the first connect nor the death of a channel alone, and forgets what is
        // unconfirmed.
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        factory.setConnectionTimeout(limited(factory.getConnectionTimeout()));
        factory.setHandshakeTimeout(limited(factory.getHandshakeTimeout()));
        factory.setChannelRpcTimeout(limited(factory.getChannelRpcTimeout()));
        factory.setShutdownTimeout(limited(factory.getShutdownTimeout()));
        factory.setRequestedHeartbeat((int) options.heartbeat().toSeconds());
        if (factory.getSocketFactory() == null && !factory.isSSL()) {
            // A socket of TLS cannot be replaced, and one of the user's own is not ours to replace: they flush always.
            factory.setSocketFactory(new BurstSockets(bursts));
        }
        SocketConfigurator theirs = factory.getSocketConfigurator();
        factory.setSocketConfigurator(socket -> {
            if (theirs != null) {
                theirs.configure(socket);
            }
            onSocket.accept(socket);
        });
        Connection connection = factory.newConnection(shuffled(factory), name);
        try {
            ServerVersion.of(connection.getServerProperties()).require();
        } catch (RabbitMqRefusedException e) {
            connection.abort((int) options.closeTimeout().toMillis());
            throw e;
        }
        return connection;
    }

    /** In random order: after the death of a node its clients spread over the others. */
    private List<Address> shuffled(ConnectionFactory factory) {
        if (options.addresses().isEmpty()) {
            return List.of(new Address(factory.getHost(), factory.getPort()));
        }
        List<Address> addresses = new ArrayList<>(options.addresses());
        Collections.shuffle(addresses);
        return addresses;
    }

    // 0 would mean to wait for ever.
    private int limited(int theirMillis) {
        int limit = (int) Math.min(options.deadline().toMillis(), Integer.MAX_VALUE);
        return theirMillis <= 0 ? limit : Math.min(theirMillis, limit);
    }
}
