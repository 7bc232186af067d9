package io.eda.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy that breaks the network between a client and a server, on purpose and on command.
 *
 * <ul>
 *   <li>Bytes arrive unchanged and in order, or not at all.
 *   <li>Faults hold for connections that are there and for those that come, until they are taken back; {@link #cut()} and
 *       {@link #halfClose(Direction)} concern those that are there alone.
 *   <li>A stall in one direction is the way to lose an answer: {@code stall(TO_CLIENT)}, let the client commit, then
 *       {@code cut()}. What was held back is lost with its connection.
 * </ul>
 *
 * <p>Listens on a free port of 127.0.0.1. Thread-safe. It knows nothing of the protocol: a Kafka client that asks the
 * broker for its address goes past the proxy.
 */
public final class TcpProxy implements AutoCloseable {

    /** One of the two streams of a connection. */
    public enum Direction {
        /** What the client sends. */
        TO_SERVER,
        /** What the server answers. */
        TO_CLIENT
    }

    private static final int CONNECT_LIMIT_MILLIS = 5_000;

    private final InetSocketAddress server;
    private final ServerSocket listener;
    private final ProxyGate toServer = new ProxyGate();
    private final ProxyGate toClient = new ProxyGate();
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean refusing;

    private TcpProxy(InetSocketAddress server, ServerSocket listener) {
        this.server = server;
        this.listener = listener;
    }

    /** A proxy in front of this server. */
    public static TcpProxy to(RealServer server) {
        return to(server.host(), server.port());
    }

    /** A proxy in front of this address. */
    public static TcpProxy to(String host, int port) {
        try {
            ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
            TcpProxy proxy = new TcpProxy(new InetSocketAddress(host, port), listener);
            ProxiedConnection.thread("accept", proxy::acceptAll);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("A proxy to " + host + ":" + port + " could not listen.", e);
        }
    }

    /** The host at which clients reach the server through this proxy. */
    public String host() {
        return Ports.LOCAL;
    }

    /** The port at which clients reach the server through this proxy. */
    public int port() {
        return listener.getLocalPort();
    }

    /** How many connections are open. */
    public int connections() {
        return connections.size();
    }

    /** Resets every open connection, at both ends; new ones are welcome. */
    public void cut() {
        // Those of now: whoever comes back at once, while the others are still being reset, is welcome.
        List.copyOf(connections).forEach(ProxiedConnection::reset);
    }

    /** Resets every open connection, and every new one at once, until {@link #restore()}. */
    public void refuse() {
        refusing = true;
        cut();
    }

    /** Lets no byte pass in either direction; connections stay open. */
    public void stall() {
        stall(Direction.TO_SERVER);
        stall(Direction.TO_CLIENT);
    }

    /** Lets no byte pass in this direction; connections stay open. */
    public void stall(Direction direction) {
        gate(direction).close();
    }

    /** Lets everything pass that a stall held back. */
    public void unstall() {
        toServer.open();
        toClient.open();
    }

    /**
     * Lets each chunk of up to 8 KiB wait this long in each direction, the next one behind it; {@link Duration#ZERO}
     * ends it.
     */
    public void delay(Duration delay) {
        toServer.delay(delay);
        toClient.delay(delay);
    }

    /** Ends this stream of every open connection, as a peer does that has no more to say; the other one goes on. */
    public void halfClose(Direction direction) {
        connections.forEach(connection -> connection.end(direction));
    }

    /** Takes every fault back. */
    public void restore() {
        refusing = false;
        delay(Duration.ZERO);
        unstall();
    }

    /** Resets every connection and stops listening. */
    @Override
    public void close() {
        refusing = true;
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The proxy to " + server + " could not stop listening.", e);
        }
        cut();
    }

    private ProxyGate gate(Direction direction) {
        return direction == Direction.TO_SERVER ? toServer : toClient;
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                accept(listener.accept());
            } catch (IOException e) {
                // Closed, or a client that went away before it was accepted: the loop's condition knows which.
            }
        }
    }

    // Both sockets live on in the connection, which closes them.
    @SuppressWarnings("resource")
    private void accept(Socket client) throws IOException {
        Socket upstream = new Socket();
        ProxiedConnection connection = new ProxiedConnection(client, upstream, connections::remove);
        connections.add(connection);
        try {
            upstream.connect(server, CONNECT_LIMIT_MILLIS);
        } catch (IOException e) {
            // A server that is down looks to the client like one that resets.
            connection.reset();
            return;
        }
        if (refusing) {
            // Checked once the connection is listed, so that a refuse() from now on finds it, and before a byte passes.
            connection.reset();
            return;
        }
        connection.pump(toServer, toClient);
    }
}
