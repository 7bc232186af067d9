package io.eda.idempotency.redis;

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

    private static final int EVENTS = 1_500;

    @TempDir
    Path folder;

    @Test
    void of_consumers_that_are_killed_the_inbox_has_every_effect_once_and_redis_repeats_only_what_a_crash_cut_off()
            throws Exception {
        DedupeTorture.Counts counts = DedupeTorture.run(EVENTS, 6, folder);

        assertThat(counts.kills()).isPositive();
        assertThat(counts.inbox()).hasSize(EVENTS).allSatisfy((event, effects) -> assertThat(effects)
                .isEqualTo(1));
        assertThat(counts.redis()).hasSize(EVENTS);
        assertThat(counts.unaccounted()).as(counts.toString()).isEmpty();
    }
}
