package io.eda.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eda.testkit.servers.TcpProxy.Direction;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(30)
final class TcpProxyTest {

    private static final int SHORT = 300;

    private final CountDownLatch serverSawTheEnd = new CountDownLatch(1);
    private ServerSocket echo;
    private Thread accepting;
    private TcpProxy proxy;

    @BeforeEach
    void listen() throws IOException {
        echo = new ServerSocket(Ports.free(), 50, InetAddress.getLoopbackAddress());
        accepting = new Thread(this::echoAll);
        accepting.setDaemon(true);
        accepting.start();
        proxy = TcpProxy.to(echo.getInetAddress().getHostAddress(), echo.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void bytes_pass_unchanged_both_ways() throws IOException {
        byte[] sent = new byte[100_000];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = (byte) (i * 31);
        }
        try (Socket client = connect()) {
            client.getOutputStream().write(sent);
            assertThat(client.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
        }
        await().until(() -> proxy.connections() == 0);
    }

    @Test
    void a_cut_resets_what_is_open_and_welcomes_what_comes() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client)).isEqualTo(7);
            proxy.cut();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        try (Socket client = connect()) {
            assertThat(ask(client)).isEqualTo(7);
        }
    }

    @Test
    void refused_connections_are_reset_until_the_faults_are_taken_back() throws IOException {
        proxy.refuse();
        try (Socket client = connect()) {
            assertThatThrownBy(() -> ask(client)).isInstanceOf(SocketException.class);
        }
        proxy.restore();
        try (Socket client = connect()) {
            assertThat(ask(client)).isEqualTo(7);
        }
    }

    @Test
    void a_stall_holds_bytes_back_and_its_end_delivers_them() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client)).isEqualTo(7);
            proxy.stall();
            client.getOutputStream().write(8);
            client.setSoTimeout(SHORT);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            client.setSoTimeout(0);
            proxy.unstall();
            assertThat(client.getInputStream().read()).isEqualTo(8);
        }
    }

    @Test
    void an_answer_that_was_stalled_is_lost_with_a_cut() throws IOException {
        try (Socket client = connect()) {
            proxy.stall(Direction.TO_CLIENT);
            client.getOutputStream().write(8);
            client.setSoTimeout(SHORT);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            proxy.cut();
            proxy.unstall();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void a_delay_is_waited_in_both_directions() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client)).isEqualTo(7);
            proxy.delay(Duration.ofMillis(150));
            long before = System.nanoTime();
            assertThat(ask(client)).isEqualTo(7);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(290));
        }
    }

    @Test
    void a_half_close_ends_one_stream_and_the_other_goes_on() throws Exception {
        try (Socket client = connect()) {
            assertThat(ask(client)).isEqualTo(7);
            proxy.halfClose(Direction.TO_CLIENT);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(proxy.connections()).isEqualTo(1);
            assertThat(serverSawTheEnd.getCount()).isEqualTo(1);
            proxy.halfClose(Direction.TO_SERVER);
            assertThat(serverSawTheEnd.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void a_server_that_is_down_looks_like_one_that_resets() throws Exception {
        echo.close();
        // Until the thread has left accept(), the kernel keeps the port listening and may still let one in.
        accepting.join();
        try (Socket client = connect()) {
            assertThatThrownBy(() -> ask(client)).isInstanceOf(SocketException.class);
        }
    }

    private Socket connect() throws IOException {
        return new Socket(proxy.host(), proxy.port());
    }

    private static int ask(Socket client) throws IOException {
        client.getOutputStream().write(7);
        int answer = client.getInputStream().read();
        if (answer < 0) {
            throw new SocketException("ended");
        }
        return answer;
    }

    private void echoAll() {
        while (!echo.isClosed()) {
            try {
                Socket socket = echo.accept();
                Thread echoing = new Thread(() -> echo(socket));
                echoing.setDaemon(true);
                echoing.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void echo(Socket accepted) {
        try (Socket socket = accepted;
                InputStream in = socket.getInputStream()) {
            byte[] chunk = new byte[8_192];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                socket.getOutputStream().write(chunk, 0, read);
            }
            serverSawTheEnd.countDown();
        } catch (IOException e) {
            // The test cut this connection.
        }
    }
}
