package io.eda.broker.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class KafkaOptionsTest {

    private final KafkaOptions options = KafkaOptions.of(Map.of("bootstrap.servers", "localhost:9092"));

    @Test
    void what_would_break_a_promise_is_refused_with_the_reason() {
        assertThatThrownBy(() -> options.withProducer(Map.of("acks", "1")))
                .hasMessageContaining("'acks'")
                .hasMessageContaining("'all'");
        assertThatThrownBy(() -> options.withProducer(Map.of("enable.idempotence", false)))
                .hasMessageContaining("enable.idempotence");
        assertThatThrownBy(() -> options.withConsumer(Map.of("enable.auto.commit", "true")))
                .hasMessageContaining("enable.auto.commit");
        assertThatThrownBy(() -> options.withConsumer(Map.of("auto.offset.reset", "latest")))
                .hasMessageContaining("withStart");
        assertThatThrownBy(() -> options.withConsumer(Map.of("group.id", "mine")))
                .hasMessageContaining("by itself");
        assertThatThrownBy(() -> KafkaOptions.of(Map.of())).hasMessageContaining("bootstrap.servers");
    }

    @Test
    void every_other_property_reaches_its_client() {
        KafkaOptions secured = KafkaOptions.of(Map.of(
                        "bootstrap.servers", "localhost:9092",
                        "security.protocol", "SASL_SSL",
                        "ssl.truststore.location", "/somewhere"))
                .withProducer(Map.of("linger.ms", 50, "acks", "-1"))
                .withConsumer(Map.of("group.protocol", "consumer", "fetch.min.bytes", 7, "group.instance.id", "pod-3"))
                .withAdmin(Map.of("request.timeout.ms", 1));
        ClientProperties properties = new ClientProperties(secured);

        assertThat(properties.producer()).containsEntry("linger.ms", 50).containsEntry("acks", "all");
        assertThat(properties.consumer("mail", "-1"))
                .containsEntry("fetch.min.bytes", 7)
                .containsEntry("group.id", "mail")
                .containsEntry("group.instance.id", "pod-3-1")
                .doesNotContainKey("partition.assignment.strategy");
        assertThat(properties.reader()).doesNotContainKeys("group.instance.id", "group.protocol", "group.id");
        assertThat(properties.admin()).containsEntry("request.timeout.ms", 1);
        for (var client : java.util.List.of(properties.producer(), properties.reader(), properties.admin())) {
            assertThat(client)
                    .containsEntry("security.protocol", "SASL_SSL")
                    .containsEntry("ssl.truststore.location", "/somewhere");
        }
    }

    @Test
    void nothing_that_blocks_or_waits_long_is_left_to_the_drivers_defaults_and_all_may_be_chosen() {
        ClientProperties ours = new ClientProperties(options);
        assertThat(ours.producer()).containsEntry("max.block.ms", 0);
        assertThat(ours.consumer("mail", "-1")).containsEntry("fetch.max.wait.ms", 50);

        ClientProperties chosen = new ClientProperties(
                options.withProducer(Map.of("max.block.ms", 7)).withConsumer(Map.of("fetch.max.wait.ms", 9)));
        assertThat(chosen.producer()).containsEntry("max.block.ms", 7);
        assertThat(chosen.consumer("mail", "-1")).containsEntry("fetch.max.wait.ms", 9);
    }

    @Test
    void transactions_take_a_prefix_and_consumers_that_read_what_is_committed() {
        KafkaOptions transactional = options.withTransactions("pod-3");
        ClientProperties properties = new ClientProperties(transactional);

        assertThat(properties.transactional("mail", "-1"))
                .containsEntry("transactional.id", "pod-3.mail-1")
                .containsEntry("transaction.timeout.ms", 10_000)
                .containsEntry("acks", "all");
        assertThat(properties.producer()).doesNotContainKey("transactional.id");
        assertThatThrownBy(() -> options.withTransactions(" ")).hasMessageContaining("1 to 200");
        assertThatThrownBy(() -> transactional.withConsumer(Map.of("isolation.level", "read_uncommitted")))
                .hasMessageContaining("read_committed");
    }

    @Test
    void a_share_consumer_is_told_nothing_that_it_refuses() {
        KafkaOptions chosen = options.withConsumer(Map.of(
                "group.protocol",
                "consumer",
                "group.instance.id",
                "pod-3",
                "session.timeout.ms",
                9_000,
                "fetch.min.bytes",
                7));

        assertThat(new ClientProperties(chosen).shareConsumer("mail", 25))
                .containsEntry("max.poll.records", 25)
                .containsEntry("share.acknowledgement.mode", "explicit")
                .containsEntry("fetch.min.bytes", 7)
                .doesNotContainKeys(
                        "group.protocol",
                        "group.instance.id",
                        "session.timeout.ms",
                        "auto.offset.reset",
                        "enable.auto.commit",
                        "isolation.level");
    }

    @Test
    void limits_that_cannot_hold_are_refused() {
        KafkaLimits limits = KafkaLimits.defaults();
        assertThatThrownBy(() -> limits.withPublishTimeout(Duration.ZERO)).hasMessageContaining("1 second");
        assertThatThrownBy(() -> limits.withMaxPending(0, 1 << 20)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> limits.withMaxBuffered(1, 1)).hasMessageContaining("1 MiB");
        assertThatThrownBy(() -> limits.withCommitInterval(Duration.ZERO)).hasMessageContaining("1 ms");
        assertThatThrownBy(() -> limits.withMaxBody(0)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> limits.withShareConsumers(0)).hasMessageContaining("open at least 1");
        assertThatThrownBy(() -> limits.withPatience(Duration.ofSeconds(-1), Duration.ZERO))
                .hasMessageContaining("zero or more");
    }

    @Test
    void topics_that_cannot_be_are_refused() {
        KafkaTopics topics = KafkaTopics.defaults();
        assertThatThrownBy(() -> topics.withPrefix("")).hasMessageContaining("cannot name a Kafka topic");
        assertThatThrownBy(() -> topics.withPartitions(0)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> topics.withReplication(2, 3)).hasMessageContaining("can never be");
        assertThatThrownBy(() -> topics.withNames(Map.of("a", "same", "b", "same")))
                .hasMessageContaining("one Kafka topic each");
        assertThatThrownBy(() -> topics.withDiscovery(Duration.ZERO)).hasMessageContaining("100 ms");
        assertThatThrownBy(() -> StartingPoint.atOffsets(Map.of("events.order", 1L)))
                .hasMessageContaining("topic/partition");
    }
}
