package io.eda.benchmarks.commands;

import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.common.caching.Cache;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.modelling.command.AggregateAnnotationCommandHandler;

/** Axon Framework 4: its command gateway and simple bus, an annotated aggregate, its event-sourcing repository. */
public final class AxonTeller implements Teller, AutoCloseable {

    private final EmbeddedEventStore store;
    private final CommandGateway gateway;

    /** Handles commands over {@code engine}; what {@code cache} keeps is not read. */
    public AxonTeller(EventStorageEngine engine, Cache cache) {
        this.store = EmbeddedEventStore.builder().storageEngine(engine).build();
        EventSourcingRepository<AxonAccount> repository = EventSourcingRepository.builder(AxonAccount.class)
                .eventStore(store)
                .cache(cache)
                .build();
        SimpleCommandBus bus = SimpleCommandBus.builder().build();
        // Closing the store is all that the end takes.
        var unused = AggregateAnnotationCommandHandler.<AxonAccount>builder()
                .aggregateType(AxonAccount.class)
                .repository(repository)
                .build()
                .subscribe(bus);
        this.gateway = DefaultCommandGateway.builder().commandBus(bus).build();
    }

    @Override
    public void deposit(String account, long cents) {
        gateway.sendAndWait(new AxonAccount.Deposit(account, cents, NOTE));
    }

    @Override
    public void close() {
        store.shutDown();
    }
}
