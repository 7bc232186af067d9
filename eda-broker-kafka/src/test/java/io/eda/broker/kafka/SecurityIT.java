package io.eda.broker.kafka;

import static io.eda.broker.kafka.Inbox.eventually;
import static io.eda.broker.kafka.TestKafka.everything;
import static io.eda.broker.kafka.TestKafka.fresh;
import static io.eda.broker.kafka.TestKafka.ids;
import static io.eda.broker.kafka.TestKafka.message;
import static io.eda.broker.kafka.TestKafka.messages;
import static io.eda.broker.kafka.TestKafka.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.eda.testkit.servers.SelfSigned;
import io.eda.transport.PublishException;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import io.eda.transport.TypePattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS and passwords, against a broker that asks for both. */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class SecurityIT {

    @TempDir
    static Path folder;

    private static SecureKafka kafka;

    private final String group = fresh("group");

    @BeforeAll
    static void start() throws Exception {
        kafka = SecureKafka.start(folder);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static KafkaOptions options(Map<String, Object> client, Duration publishTimeout) {
        KafkaOptions defaults = KafkaOptions.of(client);
        return defaults.withTopics(KafkaTopics.defaults()
                        .withPrefix(fresh("events") + ".")
                        .withPartitions(1)
                        .withDiscovery(Duration.ofMillis(500)))
                .withLimits(defaults.limits()
                        .withPublishTimeout(publishTimeout)
                        .withPatience(Duration.ofSeconds(2), Duration.ofSeconds(2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512"})
    void over_tls_and_with_a_password_messages_come_ordered_unordered_and_with_results(String mechanism)
            throws Exception {
        KafkaOptions options = options(kafka.client(mechanism, SecureKafka.PASSWORD), Duration.ofSeconds(40))
                .withTransactions(fresh("tx"));
        try (KafkaTransport transport = KafkaTransport.connect(options)) {
            Inbox ordered = Inbox.acknowledging();
            Inbox unordered = Inbox.acknowledging();
            transport.receive(everything(group), ordered);
            transport.receive(
                    new ReceiveRequest(fresh("share"), Set.of(TypePattern.everything()), 10, false), unordered);
            publish(transport, messages("a", 20));
            ordered.awaitCount(20);
            unordered.awaitCount(20);

            assertThat(ordered.ids()).containsExactlyElementsOf(ids(messages("a", 20)));
            assertThat(unordered.ids()).containsExactlyInAnyOrderElementsOf(ids(messages("a", 20)));
        }
    }

    @Test
    void a_wrong_password_fails_what_is_published_in_time_and_is_told_by_the_receiver() throws Exception {
        assertIsTold(kafka.client("SCRAM-SHA-512", "wrong"), "uthentication");
    }

    @Test
    void a_certificate_that_is_not_trusted_fails_what_is_published_in_time_and_is_told_by_the_receiver()
            throws Exception {
        Map<String, Object> client = new HashMap<>(kafka.client("PLAIN", SecureKafka.PASSWORD));
        client.put(
                "ssl.truststore.location", SelfSigned.in(folder).certificate().toString());
        assertIsTold(client, "SSL");
    }

    private void assertIsTold(Map<String, Object> client, String word) {
        try (KafkaTransport transport = KafkaTransport.connect(options(client, Duration.ofSeconds(8)))) {
            Receiver receiver = transport.receive(everything(group), Inbox.acknowledging());
            Throwable failure = catchThrowable(
                    () -> transport.publish(List.of(message("a", 1))).get(0).get(60, TimeUnit.SECONDS));

            assertThat(failure.getCause()).isInstanceOf(PublishException.class);
            assertThat(((PublishException) failure.getCause()).reason())
                    .isIn(PublishException.Reason.REFUSED, PublishException.Reason.UNAVAILABLE);
            eventually("the receiver tells it", () -> receiver.status()
                    .failure()
                    .map(Throwable::toString)
                    .orElse("")
                    .contains(word));
            assertThat(receiver.status().isReceiving()).isFalse();
        }
    }
}
