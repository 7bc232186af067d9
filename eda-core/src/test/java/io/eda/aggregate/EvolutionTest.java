package io.eda.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EvolutionTest {

    sealed interface OrderEvent {}

    record OrderCreated(String customer) implements OrderEvent {}

    record OrderShipped() implements OrderEvent {}

    record OrderCancelled() implements OrderEvent {}

    sealed interface AccountEvent {}

    sealed interface MoneyMoved extends AccountEvent {}

    record MoneyDeposited(long cents) implements MoneyMoved {}

    record MoneyWithdrawn(long cents) implements MoneyMoved {}

    record AccountClosed() implements AccountEvent {}

    sealed interface OpenEvent {}

    non-sealed interface AnythingHappened extends OpenEvent {}

    interface UnsealedEvent {}

    static class Extensible {}

    static sealed class Concrete permits Special {}

    static final class Special extends Concrete {}

    @Test
    void a_missing_step_is_found_when_the_evolution_is_built() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Evolution.<String, OrderEvent>over(OrderEvent.class)
                        .on(OrderCreated.class, (state, created) -> created.customer())
                        .on(OrderShipped.class, (state, shipped) -> "shipped")
                        .build())
                .withMessage("OrderEvent permits events that have no step: [OrderCancelled]");
    }

    @Test
    void all_missing_steps_are_told_at_once_through_nested_hierarchies() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Evolution.<Long, AccountEvent>over(AccountEvent.class)
                        .on(MoneyWithdrawn.class, (cents, withdrawn) -> cents - withdrawn.cents())
                        .build())
                .withMessage("AccountEvent permits events that have no step: [AccountClosed, MoneyDeposited]");
    }

    @Test
    void an_interface_that_anyone_can_implement_is_refused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Evolution.<String, UnsealedEvent>over(UnsealedEvent.class)
                        .build())
                .withMessage(UnsealedEvent.class.getName() + " is an interface that anyone can implement: declare it"
                        + " sealed, so that every event of the aggregate is known");
    }

    @Test
    void a_non_sealed_interface_below_a_sealed_one_is_refused() {
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> Evolution.<String, OpenEvent>over(OpenEvent.class).build())
                .withMessageStartingWith(
                        AnythingHappened.class.getName() + " is an interface that anyone can implement");
    }

    @Test
    void a_class_that_anyone_can_extend_is_refused() {
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        Evolution.<String, Extensible>over(Extensible.class).build())
                .withMessage(Extensible.class.getName() + " is a class that anyone can extend: make it a record, or"
                        + " final, so that every event of the aggregate is known");
    }

    @Test
    void a_sealed_class_that_can_be_made_needs_a_step_as_well() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Evolution.<String, Concrete>over(Concrete.class)
                        .on(Special.class, (state, event) -> state)
                        .build())
                .withMessage("Concrete permits events that have no step: [Concrete]");
    }

    @Test
    void a_second_step_for_one_event_is_refused() {
        Evolution.Builder<Long, AccountEvent> builder =
                Evolution.<Long, AccountEvent>over(AccountEvent.class).on(AccountClosed.class, (cents, closed) -> 0L);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.on(AccountClosed.class, (cents, closed) -> cents))
                .withMessage("There is a step for AccountClosed already");
    }

    @Test
    void a_step_for_an_interface_reaches_no_event_and_is_refused() {
        Evolution.Builder<Long, AccountEvent> builder = Evolution.over(AccountEvent.class);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.on(MoneyMoved.class, (cents, moved) -> cents))
                .withMessage("A step is for one class of events, and MoneyMoved is an interface: add a step for each"
                        + " event that it permits");
    }

    @Test
    @SuppressWarnings("unchecked") // What a store does when it reads the event of another aggregate.
    void an_event_of_another_aggregate_is_refused() {
        Evolution<Long, Object> account = (Evolution<Long, Object>) (Evolution<Long, ?>) account();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> account.evolve(0L, new OrderShipped()))
                .withMessage("This evolution has no step for " + OrderShipped.class.getName() + "; it has steps for"
                        + " [AccountClosed, MoneyDeposited, MoneyWithdrawn]. Is it the event of another aggregate?");
    }

    @Test
    void each_event_takes_its_own_step() {
        Evolution<Long, AccountEvent> account = account();

        assertThat(account.evolve(account.evolve(0L, new MoneyDeposited(700)), new MoneyWithdrawn(50)))
                .isEqualTo(650);
        assertThat(account.evolve(650L, new AccountClosed())).isZero();
    }

    @Test
    void an_aggregate_with_one_event_needs_no_interface() {
        Evolution<Integer, OrderShipped> count = Evolution.<Integer, OrderShipped>over(OrderShipped.class)
                .on(OrderShipped.class, (n, shipped) -> n + 1)
                .build();

        assertThat(count.evolve(1, new OrderShipped())).isEqualTo(2);
    }

    private static Evolution<Long, AccountEvent> account() {
        return Evolution.<Long, AccountEvent>over(AccountEvent.class)
                .on(MoneyDeposited.class, (cents, deposited) -> cents + deposited.cents())
                .on(MoneyWithdrawn.class, (cents, withdrawn) -> cents - withdrawn.cents())
                .on(AccountClosed.class, (cents, closed) -> 0L)
                .build();
    }
}
