package io.eda.samples.quickstart;

import io.eda.command.CommandBus;
import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.projection.Projection;
import io.eda.projection.ProjectionRunner;
import io.eda.samples.quickstart.Quickstart.Deposit;
import io.eda.samples.quickstart.Quickstart.MoneyDeposited;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStore;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The steps of {@code docs/getting-started.md} that the example of the README has not, with its facts and its aggregate. */
public final class GettingStarted {

    private GettingStarted() {}

    /** Deposits, and returns what the read model shows. */
    public static Map<String, Long> balances() throws InterruptedException {
        var types = EventTypes.builder()
                .add("money.deposited", MoneyDeposited.class)
                .build();
        var store = new EventStore(new InMemoryEventStorage(), new JacksonEventSerializer(types));
        var commands = CommandBus.builder(store)
                .handle(Deposit.class, Quickstart.ACCOUNT, Deposit::account, Quickstart::deposit)
                .build();
        Map<String, Long> balances = new ConcurrentHashMap<>();
        var checkpoints = new InMemoryCheckpointStore<>(balances);
        var view = Projection.<Map<String, Long>>named("balances")
                .on(
                        MoneyDeposited.class,
                        (e, read) -> read.merge(e.aggregateId().id(), e.data().cents(), Long::sum));
        try (var runner = ProjectionRunner.of(view.build(), store, checkpoints).start()) {
            var result = commands.dispatch(new Deposit("ada", 750));
            runner.awaitPosition(result.position(), Duration.ofSeconds(1));
        }
        return balances;
    }
}
