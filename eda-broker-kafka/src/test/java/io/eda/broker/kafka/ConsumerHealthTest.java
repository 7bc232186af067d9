package io.eda.broker.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConsumerHealthTest {

    private final ConsumerHealth health = new ConsumerHealth();

    @Test
    void a_failure_that_goes_on_is_news_once() {
        assertThat(health.failed(new KafkaException("no right to read"))).isTrue();
        assertThat(health.failed(new KafkaException("no right to read"))).isFalse();
        assertThat(health.failed(new KafkaException("no such group"))).isTrue();
        assertThat(health.failed(new KafkaException())).isTrue();
        assertThat(health.failed(new KafkaException())).isFalse();
        assertThat(health.status().failure()).isPresent();
    }

    @Test
    void it_is_news_again_when_it_was_over_in_between() {
        assertThat(health.failed(new KafkaException("no right to read"))).isTrue();
        health.closed();
        assertThat(health.failed(new KafkaException("no right to read"))).isTrue();
    }
}
