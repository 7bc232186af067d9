package io.eda.testkit.servers;

import io.eda.testkit.servers.TcpProxy.Direction;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One client's connection through a {@link TcpProxy}: two sockets, and a thread for each direction. */
final class ProxiedConnection {

    private static final int CHUNK = 8_192;

    private final Socket client;
    private final Socket server;
    private final Consumer<ProxiedConnection> whenEnded;
    private final AtomicInteger openStreams = new AtomicInteger(2);
    private volatile boolean ended;
    private @Nullable ProxyGate toServer;
    private @Nullable ProxyGate toClient;

    ProxiedConnection(Socket client, Socket server, Consumer<ProxiedConnection> whenEnded) {
        this.client = client;
        this.server = server;
        this.whenEnded = whenEnded;
    }

    static void thread(String name, Runnable task) {
        Thread thread = new Thread(task, "tcp-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    void pump(ProxyGate gateToServer, ProxyGate gateToClient) {
        toServer = gateToServer;
        toClient = gateToClient;
        thread("to-server", () -> copy(client, server, gateToServer));
        thread("to-client", () -> copy(server, client, gateToClient));
    }

    /** Ends both sockets with a reset, and drops what a gate holds back. */
    void reset() {
        ended = true;
        abort(client);
        abort(server);
        whenEnded.accept(this);
        if (toServer != null) {
            toServer.wake();
        }
        if (toClient != null) {
            toClient.wake();
        }
    }

    void end(Direction direction) {
        try {
            (direction == Direction.TO_SERVER ? server : client).shutdownOutput();
        } catch (IOException e) {
            // It has ended already, which is all that was wanted.
        }
    }

    private void copy(Socket from, Socket to, ProxyGate gate) {
        byte[] chunk = new byte[CHUNK];
        try {
            for (int read = from.getInputStream().read(chunk);
                    read >= 0 && gate.pass(() -> !ended);
                    read = from.getInputStream().read(chunk)) {
                to.getOutputStream().write(chunk, 0, read);
            }
            // The end of a stream waits behind a stall as its bytes do.
            if (gate.pass(() -> !ended)) {
                to.shutdownOutput();
            }
            if (openStreams.decrementAndGet() == 0) {
                close();
            }
        } catch (IOException | InterruptedException e) {
            reset();
        }
    }

    private void close() throws IOException {
        ended = true;
        client.close();
        server.close();
        whenEnded.accept(this);
    }

    private static void abort(Socket socket) {
        try (socket) {
            // With this, close() sends a reset instead of an orderly end.
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // The peer was first, or the connection never came to be: closed it is all the same.
        }
    }
}
