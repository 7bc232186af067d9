package io.eda.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
final class ChildJvmTest {

    @Test
    void what_it_says_is_kept_up_to_its_death() throws Exception {
        try (ChildJvm child = ChildJvm.start(Counting.class, "one")) {
            child.awaitWord("begin one").awaitLines("ten numbers", lines -> lines.size() > 10);
            child.kill();
            assertThat(child.isAlive()).isFalse();
            assertThat(child.lines().subList(0, 3)).containsExactly("begin one", "0", "1");
        }
    }

    @Test
    void a_frozen_one_says_nothing_and_goes_on_when_it_thaws() throws Exception {
        try (ChildJvm child = ChildJvm.start(Counting.class, "two")) {
            child.awaitWord("begin two");
            child.freeze();
            int[] said = {-1};
            // What was in the pipe comes first.
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        boolean isQuiet = said[0] == child.lines().size();
                        said[0] = child.lines().size();
                        return isQuiet;
                    });
            assertThat(child.isAlive()).isTrue();
            child.thaw();
            child.awaitLines("more", lines -> lines.size() > said[0]);
        }
    }

    @Test
    void one_that_ends_before_it_says_the_word_is_an_error_with_what_it_said() {
        try (ChildJvm child = ChildJvm.start(Ending.class)) {
            assertThatThrownBy(() -> child.awaitWord("never"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("ended before it said 'never', but said [only this]");
        }
    }

    /** Counts, until it is killed. */
    static final class Counting {

        private static final long PAUSE_NANOS = 5_000_000;

        private Counting() {}

        public static void main(String[] arguments) {
            System.out.println("begin " + arguments[0]);
            for (int i = 0; ; i++) {
                System.out.println(i);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Says one thing. */
    static final class Ending {

        private Ending() {}

        public static void main(String[] arguments) {
            System.out.println("only this");
        }
    }
}
