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

    sealed interface AccountEvent {}

    record MoneyDeposited(long cents) implements AccountEvent {}

    record Deposit(String account, long cents) {}

    static final Evolution<Long, AccountEvent> BALANCE = Evolution.<Long, AccountEvent>over(AccountEvent.class)
            .on(MoneyDeposited.class, (balance, event) -> balance + event.cents())
            .build();

    static final Aggregate<Long, AccountEvent> ACCOUNT = Aggregate.of("account", 0L, BALANCE);

    static List<MoneyDeposited> deposit(Deposit command, long balance) {
        return List.of(new MoneyDeposited(command.cents()));
    }

    public static void main(String[] args) throws InterruptedException {
        var types = EventTypes.builder().add("money.deposited", MoneyDeposited.class);
        var store = new EventStore(new InMemoryEventStorage(), new JacksonEventSerializer(types.build()));
        var commands = CommandBus.builder(store)
                .handle(Deposit.class, ACCOUNT, Deposit::account, Quickstart::deposit)
                .build();
        Map<String, Long> balances = new ConcurrentHashMap<>();
        var view = Projection.<Map<String, Long>>named("balances")
                .on(
                        MoneyDeposited.class,
                        (e, read) -> read.merge(e.aggregateId().id(), e.data().cents(), Long::sum));
        var checkpoints = new InMemoryCheckpointStore<>(balances);
        try (var runner = ProjectionRunner.of(view.build(), store, checkpoints).start()) {
            var result = commands.dispatch(new Deposit("ada", 750));
            runner.awaitPosition(result.position(), Duration.ofSeconds(1));
            System.out.println(balances); // {ada=750}
        }
    }
}
