package io.eda.samples.quickstart;

import io.eda.aggregate.Aggregate;
import io.eda.aggregate.Evolution;
import io.eda.command.CommandBus;
import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.projection.Projection;
import io.eda.projection.ProjectionRunner;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Commands, events, a read model and reading one's own write, on one screen. */
public final class Quickstart {

    private Quickstart() {}

    // README begins
    sealed interface AccountEvent {}

    record MoneyDeposited(long cents) implements AccountEvent {}

    record Deposit(String account, long cents) {}

    static final Aggregate<Long, AccountEvent> ACCOUNT = Aggregate.of(
            "account",
            0L,
            Evolution.<Long, AccountEvent>over(AccountEvent.class)
                    .on(MoneyDeposited.class, (balance, deposited) -> balance + deposited.cents())
                    .build());

    static final Projection<Map<String, Long>> BALANCES = Projection.<Map<String, Long>>named("balances")
            .on(
                    MoneyDeposited.class,
                    (e, read) -> read.merge(e.aggregateId().id(), e.data().cents(), Long::sum))
            .build();

    /** Deposits, and reads what came of it. */
    public static void main(String[] args) throws InterruptedException {
        var types = EventTypes.builder()
                .add("money.deposited", MoneyDeposited.class)
                .build();
        var store = new EventStore(new InMemoryEventStorage(), new JacksonEventSerializer(types));
        var commands = CommandBus.builder(store)
                .handle(Deposit.class, ACCOUNT, Deposit::account, (deposit, balance) -> {
                    if (deposit.cents() <= 0) throw new IllegalArgumentException("Deposit a positive amount");
                    return List.of(new MoneyDeposited(deposit.cents()));
                })
                .build();
        Map<String, Long> balances = new ConcurrentHashMap<>();
        try (var views = ProjectionRunner.of(BALANCES, store, new InMemoryCheckpointStore<>(balances))
                .start()) {
            commands.dispatch(new Deposit("ada", 500));
            var second = commands.dispatch(new Deposit("ada", 250));
            views.awaitPosition(second.position(), Duration.ofSeconds(1));
            System.out.println(balances); // {ada=750}
        }
    }
    // README ends
}
