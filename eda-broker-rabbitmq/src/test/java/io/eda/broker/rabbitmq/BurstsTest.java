package io.eda.broker.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(60)
final class BurstsTest {

    private final Bursts bursts = new Bursts();
    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    private final OutputStream stream = bursts.over(wire);

    @Test
    void outside_a_burst_each_flush_writes() throws Exception {
        send("a");
        assertThat(written()).isEqualTo("a");
        send("b");
        assertThat(written()).isEqualTo("ab");
    }

    @Test
    void in_a_burst_nothing_is_written_until_the_first_flush_after_its_end() throws Exception {
        bursts.begin();
        send("a");
        send("b");
        assertThat(written()).isEmpty();
        bursts.end();
        send("c");
        assertThat(written()).isEqualTo("abc");
    }

    @Test
    void who_is_in_no_burst_waits_for_no_burst_and_takes_along_what_it_has_written() throws Exception {
        bursts.begin();
        send("a");
        CompletableFuture.runAsync(this::heartbeat).join();
        assertThat(written()).isEqualTo("a♥");
        bursts.end();
    }

    @Test
    void the_burst_of_one_is_not_ended_by_that_of_another() throws Exception {
        bursts.begin();
        CompletableFuture.runAsync(() -> {
                    bursts.begin();
                    bursts.end();
                })
                .join();
        send("a");
        assertThat(written()).isEmpty();
    }

    @Test
    void what_does_not_fit_into_the_buffer_is_written_in_its_order() throws Exception {
        bursts.begin();
        String large = "l".repeat(100_000);
        send("a");
        send(large);
        assertThat(written()).isEqualTo("a" + large);
    }

    @Test
    void a_connected_socket_holds_back_as_well() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new BurstSockets(bursts).createSocket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            OutputStream out = socket.getOutputStream();
            bursts.begin();
            out.write(1);
            out.flush();
            bursts.end();
            // Had the first been written by itself, it would have come before the second was there.
            assertThat(accepted.getInputStream().available()).isZero();
            out.write(2);
            out.flush();
            assertThat(accepted.getInputStream().readNBytes(2)).containsExactly(1, 2);
        }
    }

    private void heartbeat() {
        try {
            send("♥");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void send(String text) throws IOException {
        stream.write(text.getBytes(StandardCharsets.UTF_8));
        stream.flush();
    }

    private String written() {
        return wire.toString(StandardCharsets.UTF_8);
    }
}
