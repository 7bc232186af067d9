package io.eda.broker.rabbitmq;

import static io.eda.broker.rabbitmq.Inbox.ids;
import static io.eda.broker.rabbitmq.Inbox.messages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.ConnectionFactory;
import io.eda.testkit.servers.RabbitMqServer;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.SelfSigned;
import io.eda.testkit.servers.ServerOptions;
import io.eda.transport.PublishException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
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

    @TempDir
    private static Path folder;

    private static SelfSigned key;
    private static int port;
    private static RabbitMqServer server;

    @BeforeAll
    static void startWithTls() throws Exception {
        key = SelfSigned.in(folder);
        port = RealServers.freePort();
        server = RealServers.dedicatedRabbitMq(ServerOptions.defaults()
                .withSetting("listeners.ssl.1", "127.0.0.1:" + port)
                .withSetting("ssl_options.cacertfile", key.certificate().toString())
                .withSetting("ssl_options.certfile", key.certificate().toString())
                .withSetting("ssl_options.keyfile", key.key().toString())
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
        factory.useSslProtocol(key.trusting());
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
        factory.useSslProtocol(SelfSigned.in(folder).trusting());
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
}
