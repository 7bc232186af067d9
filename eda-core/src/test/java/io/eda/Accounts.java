package io.eda;

import io.eda.aggregate.Aggregate;
import io.eda.aggregate.Evolution;
import io.eda.serialization.EventTypes;
import java.util.List;

/** A small domain for the core's own tests: accounts that money goes into and out of. */
public final class Accounts {

    public static final EventTypes TYPES = EventTypes.builder()
            .add("account.opened", Opened.class)
            .add("money.deposited", Deposited.class)
            .add("money.withdrawn", Withdrawn.class)
            .build();

    public static final Aggregate<Account, Fact> ACCOUNT = Aggregate.of(
            "account",
            new Account(false, 0),
            Evolution.<Account, Fact>over(Fact.class)
                    .on(Opened.class, (account, opened) -> new Account(true, 0))
                    .on(Deposited.class, (account, in) -> new Account(account.isOpen(), account.balance() + in.cents()))
                    .on(
                            Withdrawn.class,
                            (account, out) -> new Account(account.isOpen(), account.balance() - out.cents()))
                    .build());

    private Accounts() {}

    public static List<Fact> open(Open command, Account account) {
        return account.isOpen() ? List.of() : List.of(new Opened(command.owner()));
    }

    public static List<Fact> deposit(Deposit command, Account account) {
        return List.of(new Deposited(command.cents()));
    }

    public static List<Fact> withdraw(Withdraw command, Account account) {
        if (account.balance() < command.cents()) {
            throw new IllegalStateException("The account holds " + account.balance() + " cents only");
        }
        return List.of(new Withdrawn(command.cents()));
    }

    public record Account(boolean isOpen, long balance) {}

    public sealed interface Fact {}

    public record Opened(String owner) implements Fact {}

    public record Deposited(long cents) implements Fact {}

    public record Withdrawn(long cents) implements Fact {}

    public record Open(String id, String owner) {}

    public record Deposit(String id, long cents) {}

    public record Withdraw(String id, long cents) {}
}
