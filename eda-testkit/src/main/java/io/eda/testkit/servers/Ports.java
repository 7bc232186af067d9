package io.eda.testkit.servers;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/** TCP ports of this machine: free ones, and questions to those that listen. */
final class Ports {

    static final String LOCAL = "127.0.0.1";

    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 31_999;
    private static final int TRIES = 200;
    private static final int ANSWER_LIMIT_MILLIS = 1_000;

    private static final Duration POLL = Duration.ofMillis(20);

    private Ports() {}

    /**
     * A port on which nobody listens, below the range from which the kernel takes client ports: while a server is
     * stopped for a test, no outgoing connection can sit down on its port.
     */
    static int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
                return port;
            } catch (IOException e) {
                // Somebody listens there: the next number.
            }
        }
        throw new IllegalStateException("Of " + TRIES + " ports tried between " + LOWEST + " and " + HIGHEST
                + " none is free. Look for servers that were left behind with: ss -ltnp");
    }

    /** The chosen port, or a free one for 0. */
    static int orFree(int port) {
        return port == 0 ? free() : port;
    }

    /** The first {@code length} bytes that the server answers to {@code question}; fewer where it says no more. */
    static byte[] ask(String host, int port, byte[] question, int length) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), ANSWER_LIMIT_MILLIS);
            socket.setSoTimeout(ANSWER_LIMIT_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(question);
            out.flush();
            return socket.getInputStream().readNBytes(length);
        }
    }

    /** Whether the server's answer to {@code question} begins with {@code answer}; each character is one byte. */
    static boolean answers(String host, int port, String question, String answer) {
        try {
            byte[] got = ask(host, port, question.getBytes(StandardCharsets.ISO_8859_1), answer.length());
            return answer.equals(new String(got, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return false;
        }
    }

    /** Asks until {@code answers} holds; false when {@code alive} ends or the limit passes first. */
    static boolean await(Duration limit, BooleanSupplier alive, BooleanSupplier answers) {
        long end = System.nanoTime() + limit.toNanos();
        while (alive.getAsBoolean() && System.nanoTime() - end < 0) {
            if (answers.getAsBoolean()) {
                return true;
            }
            pause(POLL);
        }
        return false;
    }

    static void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a server.", e);
        }
    }
}
