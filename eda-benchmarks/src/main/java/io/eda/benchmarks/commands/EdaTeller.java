package io.eda.benchmarks.commands;

import io.eda.command.CommandBus;
import io.eda.command.CommandOptions;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStorage;
import io.eda.store.EventStore;

/** Our command bus. */
public final class EdaTeller implements Teller {

    private final CommandBus commands;

    /** Handles commands over {@code storage}. */
    public EdaTeller(EventStorage storage, CommandOptions options) {
        var types =
                EventTypes.builder().add(Bank.EVENT_TYPE, Bank.Deposited.class).build();
        this.commands = CommandBus.builder(new EventStore(storage, new JacksonEventSerializer(types)))
                .handle(Bank.Deposit.class, Bank.ACCOUNT, Bank.Deposit::account, Bank::deposit)
                .options(options)
                .build();
    }

    @Override
    public void deposit(String account, long cents) {
        commands.dispatch(new Bank.Deposit(account, cents, NOTE));
    }
}
