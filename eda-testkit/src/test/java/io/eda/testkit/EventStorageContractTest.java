package io.eda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.store.EventStorage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The suite is a promise too: it must fail for every storage that breaks one. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class EventStorageContractTest {

    // Which storage the suite opens next. Its tests run one after the other, and the launcher makes the instances.
    private static Supplier<EventStorage> opening = BrokenStorage::new;

    static Stream<Arguments> broken_storages() {
        return Stream.of(
                Arguments.of(
                        "does nothing", supply(BrokenStorage.DoesNothing::new), "what was appended is what is read"),
                Arguments.of(
                        "drops the version check",
                        supply(BrokenStorage.DropsTheVersionCheck::new),
                        "an append that expects another version names both and changes nothing"),
                Arguments.of(
                        "checks the version too early",
                        supply(BrokenStorage.ChecksTooEarly::new),
                        "of many who create one aggregate exactly one wins"),
                Arguments.of(
                        "writes half",
                        supply(BrokenStorage.WritesHalf::new),
                        "an append of many events is never seen half"),
                Arguments.of(
                        "tolerates holes",
                        supply(BrokenStorage.ToleratesHoles::new),
                        "an append that expects another version names both and changes nothing"),
                Arguments.of(
                        "is not repeatable",
                        supply(BrokenStorage.IsNotRepeatable::new),
                        "an append can be repeated and does nothing twice"),
                Arguments.of(
                        "compares one id",
                        supply(BrokenStorage.ComparesOneId::new),
                        "what only resembles a repetition is a conflict"),
                Arguments.of(
                        "conflicts on any",
                        supply(BrokenStorage.ConflictsOnAny::new),
                        "of many who append at any version nobody is lost"),
                Arguments.of(
                        "loses metadata",
                        supply(BrokenStorage.LosesMetadata::new),
                        "what was appended is what is read"),
                Arguments.of("decodes data", supply(BrokenStorage.DecodesData::new), "data come back byte for byte"),
                Arguments.of(
                        "ignores the filter",
                        supply(BrokenStorage.IgnoresTheFilter::new),
                        "a filter lets its types pass in every version and moves on over the others"),
                Arguments.of(
                        "loses at the page boundary",
                        supply(BrokenStorage.LosesAtThePageBoundary::new),
                        "pages of every size show the same"),
                Arguments.of(
                        "reads backwards",
                        supply(BrokenStorage.ReadsBackwards::new),
                        "pages of every size show the same"),
                Arguments.of(
                        "waits for nothing",
                        supply(BrokenStorage.WaitsForNothing::new),
                        "waiting ends when the event can be read or the time is over"),
                Arguments.of(
                        "skips late commits",
                        supply(SkipsLateCommits::new),
                        "followers of racing writers miss nothing and see every aggregate in order"));
    }

    @ParameterizedTest(name = "a storage that {0}")
    @MethodSource("broken_storages")
    void a_broken_storage_fails_the_test_that_names_its_fault(
            String fault, Supplier<EventStorage> storage, String expectedFailure) {
        opening = storage;

        assertThat(SuiteRun.of(Suite.class).failedTests())
                .as("the tests that a storage fails that %s", fault)
                .anyMatch(test -> test.startsWith(expectedFailure));
    }

    @Test
    void the_same_storage_unbroken_passes() {
        opening = BrokenStorage::new;

        SuiteRun run = SuiteRun.of(Suite.class);

        assertThat(run.failedTests()).isEmpty();
        assertThat(run.testsRun()).isGreaterThanOrEqualTo(19);
    }

    private static Supplier<EventStorage> supply(Supplier<EventStorage> storage) {
        return storage;
    }

    static final class Suite extends EventStorageContract {
        @Override
        protected EventStorage openStorage() {
            return opening.get();
        }
    }
}
