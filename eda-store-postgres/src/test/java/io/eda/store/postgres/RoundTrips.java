package io.eda.store.postgres;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;

/**
 * Counts how often the driver waits for the server: a read behind a write is a round trip. The driver makes one by name, with the name
 * of a counter as its argument. Public because the driver wants it.
 */
public final class RoundTrips extends SocketFactory {

    // The driver makes the instances: what it cannot hand to them they fetch here.
    private static final Map<String, AtomicInteger> COUNTERS = new ConcurrentHashMap<>();

    private final AtomicInteger counter;

    /** Counts into the counter of this name. */
    public RoundTrips(String counter) {
        this.counter = counterOf(counter);
    }

    static AtomicInteger counterOf(String name) {
        return COUNTERS.computeIfAbsent(name, n -> new AtomicInteger());
    }

    /** Returns {@code jdbcUrl} with what makes its connections count into {@code counter}. */
    static String counted(String jdbcUrl, String counter) {
        return jdbcUrl + (jdbcUrl.contains("?") ? "&" : "?") + "socketFactory=" + RoundTrips.class.getName()
                + "&socketFactoryArg=" + counter;
    }

    @Override
    public Socket createSocket() {
        return new Counting(counter);
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("The driver connects its sockets by itself");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException("The driver connects its sockets by itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException("The driver connects its sockets by itself");
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw new UnsupportedOperationException("The driver connects its sockets by itself");
    }

    private static final class Counting extends Socket {

        private final AtomicInteger counter;
        private final AtomicBoolean hasSent = new AtomicBoolean();

        private Counting(AtomicInteger counter) {
            this.counter = counter;
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(int b) throws IOException {
                    hasSent.set(true);
                    out.write(b);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    hasSent.set(true);
                    out.write(bytes, offset, length);
                }
            };
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    count();
                    return super.read();
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    count();
                    return super.read(bytes, offset, length);
                }
            };
        }

        private void count() {
            if (hasSent.getAndSet(false)) {
                counter.incrementAndGet();
            }
        }
    }
}
