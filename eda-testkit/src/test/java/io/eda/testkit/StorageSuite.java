package io.eda.testkit;

import io.eda.store.EventStorage;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The suite for event storages over broken ones. */
final class StorageSuite extends EventStorageContract implements SabotagedSuite<Supplier<EventStorage>> {

    private Supplier<EventStorage> opening = BrokenStorage::new;

    static Stream<Saboteur> saboteurs() {
        return Stream.of(
                saboteur(
                        "drops the version check",
                        "exclusive",
                        "an_append_that_expects_another_version_names_both_and_changes_nothing",
                        BrokenStorage.DropsTheVersionCheck::new),
                saboteur(
                        "checks the version and appends in two steps",
                        "exclusive",
                        "of_many_who_create_one_aggregate_exactly_one_wins",
                        BrokenStorage.ChecksTooEarly::new),
                saboteur(
                        "half-writes an append",
                        "atomic",
                        "an_append_of_many_events_is_never_seen_half",
                        BrokenStorage.WritesHalf::new),
                saboteur(
                        "tolerates a writer from the future",
                        "gapless per aggregate",
                        "an_append_that_expects_another_version_names_both_and_changes_nothing",
                        BrokenStorage.ToleratesHoles::new),
                saboteur(
                        "answers a repetition with a conflict",
                        "repeatable",
                        "an_append_can_be_repeated_and_does_nothing_twice",
                        BrokenStorage.IsNotRepeatable::new),
                saboteur(
                        "takes an append for a repetition by its first id",
                        "repeatable",
                        "what_only_resembles_a_repetition_is_a_conflict",
                        BrokenStorage.ComparesOneId::new),
                saboteur(
                        "gives conflicts to who set no condition",
                        "nobody is lost at any version",
                        "of_many_who_append_at_any_version_nobody_is_lost",
                        BrokenStorage.ConflictsOnAny::new),
                saboteur(
                        "loses metadata",
                        "byte-exact",
                        "what_was_appended_is_what_is_read",
                        BrokenStorage.LosesMetadata::new),
                saboteur(
                        "decodes data as text",
                        "byte-exact",
                        "data_come_back_byte_for_byte",
                        BrokenStorage.DecodesData::new),
                saboteur(
                        "ignores the filter",
                        "a filter lets its types pass",
                        "a_filter_lets_its_types_pass_in_every_version_and_moves_on_over_the_others",
                        BrokenStorage.IgnoresTheFilter::new),
                saboteur(
                        "loses an event at the end of a page",
                        "never skipped",
                        "pages_of_every_size_show_the_same",
                        BrokenStorage.LosesAtThePageBoundary::new),
                saboteur(
                        "reads backwards",
                        "one order",
                        "pages_of_every_size_show_the_same",
                        BrokenStorage.ReadsBackwards::new),
                saboteur(
                        "ends a wait before the event can be read",
                        "awaitVisible",
                        "waiting_ends_when_the_event_can_be_read_or_the_time_is_over",
                        BrokenStorage.WaitsForNothing::new),
                saboteur(
                        "skips a late commit",
                        "never skipped",
                        "followers_of_racing_writers_miss_nothing_and_see_every_aggregate_in_order",
                        SkipsLateCommits::new));
    }

    private static Saboteur saboteur(String name, String breaks, String catcher, Supplier<EventStorage> opening) {
        return new Saboteur(StorageSuite.class, null, name, breaks, catcher, opening);
    }

    @Override
    public void isGiven(Supplier<EventStorage> given) {
        opening = given;
    }

    @Override
    protected EventStorage openStorage() {
        return opening.get();
    }
}
