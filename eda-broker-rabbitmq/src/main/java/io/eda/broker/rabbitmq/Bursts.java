package io.eda.broker.rabbitmq;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets the messages that a writer has at hand leave together.
 *
 * <p>The client flushes its socket after every message: each costs a system call here, and wakes the broker's reader for one
 * small packet there. In a burst, a flush by the writer does nothing. A flush by any other thread goes through, and takes along
 * what a burst has written so far: heartbeats, questions, acknowledgements and goodbyes never wait for a writer, not even for one
 * that a blocked broker holds up within its burst. A burst ends before its last message, whose own flush takes all along.
 *
 * <p>Thread-safe.
 */
final class Bursts {

    /** How many bytes of a burst are held for each connection; what comes beyond is written. */
    private static final int BUFFER = 64 << 10;

    private final Set<Thread> writers = ConcurrentHashMap.newKeySet();

    /** From here on the current thread's flushes do nothing. */
    void begin() {
        writers.add(Thread.currentThread());
    }

    /** From here on they do. */
    void end() {
        writers.remove(Thread.currentThread());
    }

    /** Returns a stream to {@code wire} that holds back what is flushed within a burst. */
    OutputStream over(OutputStream wire) {
        return new Held(wire);
    }

    /** Returns a socket, not connected yet, whose stream holds back what is flushed within a burst. */
    Socket socket() {
        return new HoldingSocket();
    }

    private final class Held extends BufferedOutputStream {

        Held(OutputStream wire) {
            super(wire, BUFFER);
        }

        @Override
        public synchronized void flush() throws IOException {
            if (!writers.contains(Thread.currentThread())) {
                super.flush();
            }
        }
    }

    private final class HoldingSocket extends Socket {

        @Override
        public OutputStream getOutputStream() throws IOException {
            return over(super.getOutputStream());
        }
    }
}
