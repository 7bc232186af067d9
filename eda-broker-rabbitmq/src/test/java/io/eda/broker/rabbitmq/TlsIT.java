package io.eda.broker.rabbitmq;

import static io.eda.broker.rabbitmq.Inbox.ids;
import static io.eda.broker.rabbitmq.Inbox.messages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.ConnectionFactory;
import io.eda.testkit.servers.RabbitMqServer;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.ServerOptions;
import io.eda.transport.PublishException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a server whose certificate was made for this run. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
final class TlsIT {

    private static final char[] STORE_PASSWORD = "changeit".toCharArray();
    private static final String ALIAS = "broker";

    @TempDir
    private static Path folder;

    private static KeyStore keys;
    private static int port;
    private static RabbitMqServer server;

    @BeforeAll
    static void startWithTls() throws Exception {
        keys = makeKeys();
        Path certificate = pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded());
        Path key = pem("PRIVATE KEY", keys.getKey(ALIAS, STORE_PASSWORD).getEncoded());
        port = freePort();
        server = RealServers.dedicatedRabbitMq(ServerOptions.defaults()
                .withSetting("listeners.ssl.1", "127.0.0.1:" + port)
                .withSetting("ssl_options.cacertfile", certificate.toString())
                .withSetting("ssl_options.certfile", certificate.toString())
                .withSetting("ssl_options.keyfile", key.toString())
                .withSetting("ssl_options.verify", "verify_none")
                .withSetting("ssl_options.fail_if_no_peer_cert", "false"));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void over_tls_all_is_confirmed_and_arrives_in_order() throws Exception {
        ConnectionFactory factory = factory();
        factory.useSslProtocol(trusting(keys));
        factory.enableHostnameVerification();
        try (var transport = RabbitMqTransport.connect(RabbitMqOptions.of(factory))) {
            Inbox inbox = Inbox.acking();
            inbox.joins(transport, "mail");

            Inbox.publish(transport, messages("a", 500));

            inbox.awaitIds(ids(messages("a", 500)));
            assertThat(inbox.ids()).isEqualTo(ids(messages("a", 500)));
        }
    }

    @Test
    void a_certificate_that_nobody_trusts_connects_nobody() throws Exception {
        ConnectionFactory factory = factory();
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        empty.setCertificateEntry("other", makeKeys().getCertificate(ALIAS));
        factory.useSslProtocol(trusting(empty));
        var options = RabbitMqOptions.of(factory).withDeadlines(Duration.ofSeconds(2), Duration.ofSeconds(2));
        try (var transport = RabbitMqTransport.connect(options)) {
            assertThatThrownBy(() -> transport.publish(messages("b", 1)).get(0).get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(PublishException.class)
                    .hasMessageContaining("no connection");
        }
    }

    private static ConnectionFactory factory() {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        return factory;
    }

    private static SSLContext trusting(KeyStore certificates) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(certificates);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore makeKeys() throws Exception {
        Path file = Files.createTempDirectory(folder, "keys").resolve("broker.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=broker",
                        "-ext",
                        "SAN=IP:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(STORE_PASSWORD),
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException("keytool failed: " + output);
        }
        KeyStore made = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            made.load(in, STORE_PASSWORD);
        }
        // What is trusted is the certificate, and not the entry of a key.
        made.setCertificateEntry("trusted", made.getCertificate(ALIAS));
        return made;
    }

    private static Path pem(String kind, byte[] content) throws IOException {
        String text = "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + kind + "-----\n";
        return Files.writeString(folder.resolve(kind.replace(' ', '-') + ".pem"), text);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
