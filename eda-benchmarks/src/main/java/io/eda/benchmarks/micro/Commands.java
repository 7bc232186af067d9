package io.eda.benchmarks.micro;

import io.eda.benchmarks.commands.AxonTeller;
import io.eda.benchmarks.commands.EdaTeller;
import io.eda.benchmarks.commands.Teller;
import io.eda.command.CommandOptions;
import io.eda.inmemory.InMemoryEventStorage;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.caching.NoCache;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A command in memory, from the call to the stored event, on one of ten thousand accounts: ours, and Axon Framework 4, which keeps
 * objects where ours keeps bytes, and reads them all where ours has a cache. Stores are new in each iteration, since they keep everything.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Commands {

    private static final int ACCOUNTS = 10_000;

    private final String[] accounts = new String[ACCOUNTS];
    private Teller eda = (account, cents) -> {};
    private Teller axon = (account, cents) -> {};
    private int next;

    /** Makes both. */
    @Setup(Level.Iteration)
    public void open() {
        for (int i = 0; i < ACCOUNTS; i++) {
            accounts[i] = "account-" + i;
        }
        eda = new EdaTeller(new InMemoryEventStorage(), CommandOptions.defaults());
        axon = new AxonTeller(new InMemoryEventStorageEngine(), NoCache.INSTANCE);
    }

    /** Lets go of what they hold. */
    @TearDown(Level.Iteration)
    public void close() {
        eda = (account, cents) -> {};
        axon = (account, cents) -> {};
    }

    /** Ours. */
    @Benchmark
    public void eda() {
        eda.deposit(account(), 1);
    }

    /** Axon's. */
    @Benchmark
    public void axon() {
        axon.deposit(account(), 1);
    }

    private String account() {
        next = (next + 1) % ACCOUNTS;
        return accounts[next];
    }
}
