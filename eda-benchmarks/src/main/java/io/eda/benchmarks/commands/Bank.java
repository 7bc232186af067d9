package io.eda.benchmarks.commands;

import io.eda.aggregate.Aggregate;
import io.eda.aggregate.Evolution;
import java.util.List;

/** The domain that handles the measured commands: accounts that take deposits up to a limit, for ours and for Axon alike. */
public final class Bank {

    static final String EVENT_TYPE = "money.deposited";
    static final long MOST_CENTS = Long.MAX_VALUE / 2;

    static final Aggregate<Long, Deposited> ACCOUNT = Aggregate.of(
            "account",
            0L,
            Evolution.<Long, Deposited>over(Deposited.class)
                    .on(Deposited.class, (balance, event) -> balance + event.cents())
                    .build());

    private Bank() {}

    static List<Deposited> deposit(Deposit command, long balance) {
        requireRoom(balance, command.cents());
        return List.of(new Deposited(command.cents(), command.note()));
    }

    static void requireRoom(long balance, long cents) {
        if (balance > MOST_CENTS - cents) {
            throw new IllegalStateException("An account holds " + MOST_CENTS + " cents at most");
        }
    }

    /** A command. */
    public record Deposit(String account, long cents, String note) {}

    /** What a deposit leaves behind; public for those who make it by reflection. */
    public record Deposited(long cents, String note) {}
}
