package io.eda.samples.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The accounts of the torture find what is wrong. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class CountsTest {

    private static final UUID EVENT = new UUID(0, 1);

    @TempDir
    Path folder;

    @Test
    void an_effect_that_a_kill_cut_off_explains_a_second_one() {
        assertThat(redis("cut", "done").unaccounted()).isEmpty();
        assertThat(redis("cut", "done").repeated()).isEqualTo(1);
    }

    @Test
    void a_late_completion_explains_a_second_effect_and_is_told_apart() {
        assertThat(redis("late", "done").unaccounted()).isEmpty();
        assertThat(redis("late", "done").repeatedByLateness()).isEqualTo(1);
    }

    @Test
    void two_completions_are_not_accounted_for() {
        assertThat(redis("done", "done too").unaccounted()).containsExactly(EVENT);
    }

    @Test
    void an_attempt_whose_process_lives_and_never_ended_it_is_not_accounted_for() {
        assertThat(redis("lost", "done").unaccounted()).containsExactly(EVENT);
    }

    @Test
    void two_effects_of_one_attempt_are_not_accounted_for() {
        assertThat(redis("cut", "cut").unaccounted()).containsExactly(EVENT);
    }

    @Test
    void an_event_without_an_effect_and_one_with_two_are_found() {
        Counts none = counts(Map.of(), Map.of());
        assertThat(none.isCompleteInRedis()).isFalse();
        assertThat(none.isExactInInbox()).isFalse();
        assertThat(counts(Map.of(EVENT, 2L), Map.of()).isExactInInbox()).isFalse();
        assertThat(counts(Map.of(EVENT, 1L), Map.of()).isExactInInbox()).isTrue();
    }

    @Test
    void only_a_process_that_was_killed_cuts_its_attempts_off() throws Exception {
        Path killed = Files.writeString(folder.resolve("journal-0-0"), "begun a\nbegun b\ncompleted a\nbeg");
        Files.writeString(folder.resolve("journal-1-1"), "begun c\nbegun d\nlate d\n");

        Counts.Attempts attempts = Counts.Attempts.read(folder, Set.of(killed));

        assertThat(attempts.cut()).containsExactly("b");
        assertThat(attempts.completed()).containsExactly("a");
        assertThat(attempts.late()).containsExactly("d");
    }

    private static Counts redis(String... attempts) {
        return counts(Map.of(EVENT, 1L), Map.of(EVENT, List.of(attempts)));
    }

    private static Counts counts(Map<UUID, Long> inbox, Map<UUID, List<String>> redis) {
        return new Counts(Set.of(EVENT), 0, inbox, redis, Set.of("done", "done too"), Set.of("late"), Set.of("cut"));
    }
}
