package io.eda.testkit.idempotency;

import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import io.eda.inmemory.InMemoryIdempotencyStore;
import io.eda.testkit.SabotagedSuite;
import io.eda.testkit.Saboteur;
import io.eda.testkit.ServerFaults;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Stream;

/** The suite for idempotency stores over what a saboteur makes of a correct one. */
public final class IdempotencySuite extends IdempotencyStoreContract
        implements SabotagedSuite<Function<IdempotencyStore, IdempotencyStore>> {

    private Function<IdempotencyStore, IdempotencyStore> breaking = store -> store;

    /** Returns the saboteurs of this suite. */
    public static Stream<Saboteur> saboteurs() {
        return Stream.of(
                saboteur(
                        Claiming.class,
                        "answers a claim with yes or no",
                        "three answers: in progress is not completed",
                        "a_claim_is_granted_to_one_and_others_learn_how_long_to_wait",
                        IdempotencySaboteurs.YesOrNo::new),
                saboteur(
                        Claiming.class,
                        "looks first and claims then",
                        "one winner",
                        "of_100_racing_claims_exactly_one_is_granted",
                        IdempotencySaboteurs.LooksFirst::new),
                saboteur(
                        Claiming.class,
                        "does not know its own token again",
                        "a claim sent again has the same answer",
                        "a_claim_that_is_sent_again_is_granted_again",
                        IdempotencySaboteurs.Forgetful::new),
                saboteur(
                        Claiming.class,
                        "answers a repeated completion with no",
                        "a completion sent again has the same answer",
                        "completing_can_be_repeated_and_is_the_end",
                        IdempotencySaboteurs.CompletesOnce::new),
                saboteur(
                        Claiming.class,
                        "ignores the group",
                        "each group handles every event",
                        "groups_and_events_know_nothing_of_each_other",
                        store -> new IdempotencySaboteurs.Rekeying(
                                store, key -> new IdempotencyKey("all", key.eventId()))),
                saboteur(
                        Claiming.class,
                        "writes the key differently when it renews",
                        "one key on every path",
                        "groups_and_events_know_nothing_of_each_other",
                        IdempotencySaboteurs.RenewsElsewhere::new),
                saboteur(
                        Claiming.class,
                        "compares tokens without case",
                        "fenced",
                        "tokens_of_any_form_are_told_apart",
                        IdempotencySaboteurs.ComparesLoosely::new),
                saboteur(
                        Claiming.class,
                        "releases for anybody",
                        "fenced",
                        "what_was_released_can_be_claimed_at_once",
                        IdempotencySaboteurs.ReleasesForAnybody::new),
                saboteur(
                        Expiring.class,
                        "gives a lease without an end",
                        "a claim ends with its lease",
                        "when_the_lease_is_over_and_not_before_another_is_granted",
                        IdempotencySaboteurs.EndlessLease::new),
                saboteur(
                        Expiring.class,
                        "completes whatever the token",
                        "fenced",
                        "a_late_owner_changes_nothing_for_the_new_one",
                        IdempotencySaboteurs.CompletesForAnybody::new),
                saboteur(
                        Expiring.class,
                        "lets an owner complete after its lease",
                        "fenced",
                        "after_its_lease_nobody_holds_it_even_if_nobody_else_came",
                        IdempotencySaboteurs.EndlessOwner::new),
                saboteur(
                        Expiring.class,
                        "says that it renewed, and does not",
                        "renew sets the end of the lease",
                        "renewing_sets_when_the_lease_ends",
                        IdempotencySaboteurs.RenewsNothing::new),
                saboteur(
                        Expiring.class,
                        "remembers completions for ever",
                        "bounded by the retention",
                        "a_completion_is_remembered_for_the_retention_and_not_longer",
                        IdempotencySaboteurs.NeverForgets::new),
                saboteur(
                        Failing.class,
                        "keeps a completion for its lease only",
                        "a completion is remembered",
                        "an_owner_that_dies_after_its_completion_costs_nothing",
                        IdempotencySaboteurs.ForgetsCompletions::new));
    }

    /** Returns what does nothing. */
    public static Object doingNothing() {
        Function<IdempotencyStore, IdempotencyStore> nothing = store -> new IdempotencySaboteurs.DoingNothing();
        return nothing;
    }

    /** Returns what breaks nothing. */
    public static Object correct() {
        return Function.<IdempotencyStore>identity();
    }

    private static Saboteur saboteur(
            Class<?> group,
            String name,
            String breaks,
            String catcher,
            Function<IdempotencyStore, IdempotencyStore> breaking) {
        return new Saboteur(IdempotencySuite.class, group, name, breaks, catcher, breaking);
    }

    @Override
    public void isGiven(Function<IdempotencyStore, IdempotencyStore> given) {
        breaking = given;
    }

    @Override
    protected IdempotencyStore openStore(Duration retention) {
        return breaking.apply(new InMemoryIdempotencyStore(Clock.systemUTC(), retention));
    }

    @Override
    protected ServerFaults faults() {
        return ServerFaults.none("it lives and ends with its process");
    }

    @Override
    protected boolean isAlone() {
        return true;
    }

    @Override
    protected Duration patience() {
        return Duration.ofSeconds(2);
    }
}
