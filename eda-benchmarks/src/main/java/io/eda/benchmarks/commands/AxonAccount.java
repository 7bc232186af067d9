package io.eda.benchmarks.commands;

import io.eda.benchmarks.commands.Bank.Deposited;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** An account as Axon Framework 4 wants it: annotated, mutable, and public for its reflection. */
public class AxonAccount {

    @AggregateIdentifier
    @SuppressWarnings("UnusedVariable") // Axon reads it by reflection.
    private @Nullable String account;

    private long balance;

    /** For Axon, which fills it from events. */
    protected AxonAccount() {}

    /** Decides. */
    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    public void deposit(Deposit command) {
        Bank.requireRoom(balance, command.cents());
        AggregateLifecycle.apply(new Made(command.account(), new Deposited(command.cents(), command.note())));
    }

    /** Remembers. */
    @EventSourcingHandler
    public void on(Made event) {
        account = event.account();
        balance += event.deposit().cents();
    }

    /** A command. */
    public record Deposit(@TargetAggregateIdentifier String account, long cents, String note) {}

    /** An event: the same as ours with the name of the aggregate, which an Axon aggregate takes from its first event. */
    public record Made(String account, Deposited deposit) {}
}
