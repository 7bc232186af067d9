package io.eda.broker.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.transport.PublishException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DestinationTest {

    @Test
    void a_message_topic_follows_the_prefix_unless_it_is_named() {
        KafkaTopics topics = KafkaTopics.defaults().withNames(Map.of("größe", "sizes"));
        assertThat(Destination.ofMessages("order", topics).topic()).isEqualTo("events.order");
        assertThat(Destination.ofMessages("größe", topics).topic()).isEqualTo("sizes");
        assertThatThrownBy(() -> Destination.ofMessages("größe 2", topics))
                .isInstanceOfSatisfying(PublishException.class, refusal -> assertThat(refusal.reason())
                        .isEqualTo(PublishException.Reason.UNROUTABLE))
                .hasMessageContaining("withNames");
    }

    @Test
    void every_group_has_topics_of_its_own_whatever_its_name() {
        List<String> groups =
                List.of("order-views", "order_views", "order.views", "größe", "gr_sse", "ä".repeat(200), "?");
        List<String> topics = groups.stream()
                .map(group -> Destination.deadLettersOf(group).topic())
                .toList();
        assertThat(topics).doesNotHaveDuplicates().allMatch(KafkaTopics::isLegal);
        assertThat(topics.get(0)).isEqualTo("dead-letters.order-views");
        // Kafka takes two topics for one that differ in '.' and '_' alone.
        assertThat(topics.stream().map(topic -> topic.replace('.', '_'))).doesNotHaveDuplicates();
        assertThat(Destination.redeliveryTo("order-views").topic()).isEqualTo("redeliver.order-views");
    }
}
