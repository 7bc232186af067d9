package io.eda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.projection.CheckpointConflictException;
import io.eda.projection.CheckpointStore;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The suite is a promise too: it must fail for every store that breaks one. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class CheckpointStoreContractTest {

    private static Fault fault = Fault.DOES_NOTHING;

    enum Fault {
        DOES_NOTHING,
        IS_NOT_FENCED,
        WORKS_BEFORE_IT_CHECKS,
        CHECKS_WITHOUT_A_LOCK,
        MOVES_BEFORE_IT_WORKS,
        GOES_BACK,
        MIXES_NAMES
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(Fault.DOES_NOTHING, "a checkpoint moves together with its work"),
                Arguments.of(Fault.IS_NOT_FENCED, "who believes it elsewhere is refused and its work has no effect"),
                Arguments.of(Fault.WORKS_BEFORE_IT_CHECKS, "who believes it elsewhere is refused"),
                Arguments.of(
                        Fault.CHECKS_WITHOUT_A_LOCK, "of many who move it from the same place exactly one succeeds"),
                Arguments.of(Fault.MOVES_BEFORE_IT_WORKS, "work that fails leaves the checkpoint where it was"),
                Arguments.of(Fault.GOES_BACK, "it goes back by a reset alone"),
                Arguments.of(Fault.MIXES_NAMES, "checkpoints of different names know nothing of each other"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void a_broken_store_fails_the_test_that_names_its_fault(Fault broken, String expectedFailure) {
        fault = broken;

        assertThat(SuiteRun.of(Suite.class).failedTests()).anyMatch(test -> test.startsWith(expectedFailure));
    }

    static final class Suite extends CheckpointStoreContract<List<String>> {
        private final List<String> notes = new CopyOnWriteArrayList<>();

        @Override
        protected CheckpointStore<List<String>> openStore() {
            return new BrokenStore(notes, fault);
        }

        @Override
        protected void write(List<String> context, String note) {
            context.add(note);
        }

        @Override
        protected List<String> notes() {
            return notes;
        }

        @Override
        protected boolean undoesFailedWork() {
            return false;
        }
    }

    private record BrokenStore(List<String> notes, Fault fault, Map<String, Long> positions)
            implements CheckpointStore<List<String>> {

        BrokenStore(List<String> notes, Fault fault) {
            this(notes, fault, new ConcurrentHashMap<>());
        }

        @Override
        public long position(String name) {
            return positions.getOrDefault(key(name), 0L);
        }

        @Override
        public void advance(String name, long from, long to, Work<List<String>> work) throws Exception {
            if (fault == Fault.DOES_NOTHING) {
                return;
            }
            if (to < from && fault != Fault.GOES_BACK) {
                throw new IllegalArgumentException("backwards");
            }
            if (fault == Fault.WORKS_BEFORE_IT_CHECKS) {
                work.run(notes);
            }
            if (position(name) != from && fault != Fault.IS_NOT_FENCED) {
                throw new CheckpointConflictException(name, from, position(name));
            }
            BrokenStorage.pause();
            move(name, to, work);
        }

        @Override
        public void reset(String name, long position, Work<List<String>> work) throws Exception {
            move(name, position, work);
        }

        private void move(String name, long to, Work<List<String>> work) throws Exception {
            if (fault == Fault.MOVES_BEFORE_IT_WORKS) {
                positions.put(key(name), to);
            }
            work.run(notes);
            positions.put(key(name), to);
        }

        private String key(String name) {
            return fault == Fault.MIXES_NAMES ? name.toLowerCase(Locale.ROOT) : name;
        }
    }
}
