package io.eda.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RemoteSessionTest {

    private static final Plan BRIEF =
            new Plan(1, Duration.ofMillis(20), Duration.ofMillis(200), CallerThreads.PLATFORM);

    private ChildProcess child;

    @BeforeEach
    void start() throws Exception {
        child = ChildProcess.start(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName()));
    }

    @AfterEach
    void stop() throws Exception {
        child.close();
    }

    @Test
    void a_round_is_run_and_measured_over_there() throws Exception {
        Measurement found = round("handles 7", 3, Pace.asFastAsPossible());
        assertThat(found.contender()).isEqualTo("far");
        assertThat(found.round()).isEqualTo(4);
        assertThat(found.time()).isEqualTo(BRIEF.measured());
        assertThat(found.events()).isPositive().satisfies(events -> assertThat(events % 7)
                .isZero());
        // Each call waits for 2 ms there; talking to the other process is no part of it.
        assertThat(found.p50Millis()).isGreaterThanOrEqualTo(1.9);
        assertThat(found.p99Millis()).isGreaterThanOrEqualTo(found.p50Millis());
        // Seven events share what a call allocates there; here, nothing is.
        assertThat(found.bytesPerEvent()).isGreaterThan(Child.BALLAST / 14.0);
    }

    @Test
    void one_call_is_run_over_there() throws Exception {
        assertThat(session("handles 7", () -> {}).caller(0).run(new Stopwatch()))
                .isEqualTo(7);
    }

    @Test
    void the_session_is_closed_after_its_round() throws Exception {
        AtomicBoolean isClosed = new AtomicBoolean();
        Contender far = new Contender("far", "", 1, () -> session("handles 1", () -> isClosed.set(true)));
        assertThat(new Round(far, Pace.asFastAsPossible(), BRIEF).run(1).events())
                .isPositive();
        assertThat(isClosed).isTrue();
    }

    @Test
    void a_failure_over_there_is_told_here_with_its_cause_and_the_next_round_works() throws Exception {
        assertThatThrownBy(() -> round("fails", 1, Pace.asFastAsPossible()))
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no such table")
                .hasMessageContaining("it was dropped");
        assertThat(round("handles 1", 1, Pace.asFastAsPossible()).events()).isPositive();
    }

    @Test
    void a_process_that_ends_fails_the_round_with_what_it_said() {
        assertThatThrownBy(() -> round("ends", 1, Pace.asFastAsPossible()))
                .hasMessageContaining("has ended")
                .hasMessageContaining("out of memory, say");
    }

    @Test
    void an_open_loop_is_refused_rather_than_run_as_a_closed_one() {
        assertThatThrownBy(() -> round("handles 1", 1, Pace.perSecond(100)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("closed loops alone");
    }

    private Measurement round(String subject, int callers, Pace pace) throws Exception {
        Contender far = new Contender("far", "", callers, () -> session(subject, () -> {}));
        return new Round(far, pace, BRIEF).run(4);
    }

    private RemoteSession session(String subject, AutoCloseable after) {
        return new RemoteSession(child, subject, after);
    }

    /** The other process. */
    public static final class Child {

        static final int BALLAST = 100_000;

        private Child() {}

        /** Serves until its input ends. */
        public static void main(String[] arguments) throws Exception {
            new RoundServer(Child::open)
                    .serve(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), System.out);
        }

        private static Session open(String subject) {
            if (subject.equals("ends")) {
                System.err.println("out of memory, say");
                System.exit(1);
            }
            return new Session() {
                @Override
                public Operation caller(int index) {
                    return watch -> handled(subject);
                }

                @Override
                public void close() {}
            };
        }

        private static int handled(String subject) {
            if (subject.equals("fails")) {
                throw new IllegalStateException("no such table", new IllegalStateException("it was dropped"));
            }
            byte[] ballast = new byte[BALLAST];
            LockSupport.parkNanos(2_000_000);
            return ballast[0] + Integer.parseInt(subject.split(" ", -1)[1]);
        }
    }
}
