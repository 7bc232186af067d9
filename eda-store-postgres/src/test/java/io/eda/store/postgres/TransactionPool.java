package io.eda.store.postgres;

import io.eda.testkit.servers.PostgresServer;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A proxy that pools transactions, as PgBouncer does in its transaction mode: a client keeps a session of the server for one
 * transaction, and has another one in the next. The sessions go round, so nothing that belongs to a session ever seems to
 * last. Speaks the protocol's version 3, to clients that need no password.
 */
final class TransactionPool implements AutoCloseable {

    private static final int SSL_REQUEST = 80_877_103;
    private static final int GSS_REQUEST = 80_877_104;
    private static final int CANCEL_REQUEST = 80_877_102;
    private static final int PROTOCOL_3 = 196_608;

    private final ServerSocket listener;
    private final BlockingQueue<Backend> free;
    private final List<byte[]> greeting = new ArrayList<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private TransactionPool(PostgresServer server, String database, int size) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.free = new ArrayBlockingQueue<>(size);
        for (int i = 0; i < size; i++) {
            free.add(connect(server, database));
        }
    }

    /** Pools {@code size} sessions of a database of {@code server}. */
    static TransactionPool of(PostgresServer server, String database, int size) throws IOException {
        TransactionPool pool = new TransactionPool(server, database, size);
        pool.start("accept", pool::accept);
        return pool;
    }

    String jdbcUrl(PostgresServer server) {
        return "jdbc:postgresql://127.0.0.1:" + listener.getLocalPort() + "/pooled?user=" + server.user();
    }

    private record Backend(DataInputStream in, DataOutputStream out) {}

    private Backend backend(Socket socket) throws IOException {
        sockets.add(socket);
        socket.setTcpNoDelay(true);
        return new Backend(
                new DataInputStream(new BufferedInputStream(socket.getInputStream())),
                new DataOutputStream(socket.getOutputStream()));
    }

    private Backend connect(PostgresServer server, String database) throws IOException {
        Backend backend = backend(new Socket(server.host(), server.port()));
        byte[] body = ("user\0" + server.user() + "\0database\0" + database + "\0client_encoding\0UTF8\0\0")
                .getBytes(StandardCharsets.UTF_8);
        backend.out().writeInt(8 + body.length);
        backend.out().writeInt(PROTOCOL_3);
        backend.out().write(body);
        boolean isFirst = greeting.isEmpty();
        for (byte[] message = read(backend.in()); message[0] != 'Z'; message = read(backend.in())) {
            if (message[0] == 'E') {
                throw new IOException("The server refused a session: " + new String(message, StandardCharsets.UTF_8));
            }
            // What the server says of its settings goes to every client; the key of its process to none.
            if (isFirst && message[0] == 'S') {
                greeting.add(message);
            }
        }
        return backend;
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket socket = listener.accept();
            start("client", () -> serve(backend(socket)));
        }
    }

    private void serve(Backend client) throws IOException, InterruptedException {
        if (!greet(client)) {
            return;
        }
        while (true) {
            byte[] message = read(client.in());
            if (message[0] == 'X') {
                return;
            }
            Backend session = free.take();
            try {
                runTransaction(client, session, message);
            } finally {
                free.add(session);
            }
        }
    }

    /** One transaction: round after round, up to the answer that says that none is open. */
    private static void runTransaction(Backend client, Backend session, byte[] firstMessage) throws IOException {
        byte[] message = firstMessage;
        boolean isOpen = true;
        while (isOpen) {
            session.out().write(message);
            // A round ends with Sync or with a simple query; only then does the server say how it stands.
            if (message[0] == 'S' || message[0] == 'Q') {
                byte[] answer = read(session.in());
                while (answer[0] != 'Z') {
                    client.out().write(answer);
                    answer = read(session.in());
                }
                client.out().write(answer);
                client.out().flush();
                isOpen = answer[5] != 'I';
            }
            if (isOpen) {
                message = read(client.in());
            }
        }
    }

    private boolean greet(Backend client) throws IOException {
        int length = client.in().readInt();
        int code = client.in().readInt();
        while (code == SSL_REQUEST || code == GSS_REQUEST) {
            client.out().write('N');
            length = client.in().readInt();
            code = client.in().readInt();
        }
        client.in().readNBytes(length - 8);
        if (code == CANCEL_REQUEST) {
            return false;
        }
        client.out().write(new byte[] {'R', 0, 0, 0, 8, 0, 0, 0, 0});
        for (byte[] setting : greeting) {
            client.out().write(setting);
        }
        // A key of its own: there is no process yet that it could be.
        client.out().write(new byte[] {'K', 0, 0, 0, 12, 0x7f, 1, 2, 3, 4, 5, 6, 7});
        client.out().write(new byte[] {'Z', 0, 0, 0, 5, 'I'});
        client.out().flush();
        return true;
    }

    private static byte[] read(DataInputStream in) throws IOException {
        byte type = in.readByte();
        int length = in.readInt();
        byte[] message = new byte[1 + length];
        message[0] = type;
        message[1] = (byte) (length >>> 24);
        message[2] = (byte) (length >>> 16);
        message[3] = (byte) (length >>> 8);
        message[4] = (byte) length;
        in.readFully(message, 5, length - 4);
        return message;
    }

    private interface Task {
        void run() throws IOException, InterruptedException;
    }

    private void start(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException | InterruptedException e) {
                        // The client has gone, or the pool is closed: either way this conversation is over.
                        Thread.currentThread().interrupt();
                    }
                },
                "transaction-pool-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
