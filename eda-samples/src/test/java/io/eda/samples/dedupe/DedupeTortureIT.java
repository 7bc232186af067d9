package io.eda.samples.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short round; {@code dev/soak dedupe MINUTES} takes longer. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(400)
final class DedupeTortureIT {

    @TempDir
    Path folder;

    @Test
    void over_kafka_and_rabbitmq_the_inbox_has_every_effect_once_and_redis_repeats_only_what_a_kill_cut_off()
            throws Exception {
        DedupeTorture.Outcome outcome = DedupeTorture.run(2, 3, folder);

        assertThat(outcome.brokers()).containsOnlyKeys("kafka", "rabbitmq").allSatisfy((broker, counts) -> {
            assertThat(counts.published()).as(broker).hasSizeGreaterThan(100);
            assertThat(counts.twice()).as(broker).isPositive();
            assertThat(counts.isExactInInbox()).as("%s: %s", broker, counts).isTrue();
            assertThat(counts.isCompleteInRedis()).as("%s: %s", broker, counts).isTrue();
            assertThat(counts.unaccounted()).as("%s: %s", broker, counts).isEmpty();
        });
    }
}
