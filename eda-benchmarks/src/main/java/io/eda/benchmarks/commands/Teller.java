package io.eda.benchmarks.commands;

/** Handles one command at a time, by any thread. */
@FunctionalInterface
public interface Teller {

    /** What every deposit says, so that an event has some 250 bytes of data. */
    String NOTE = "n".repeat(210);

    /** Loads the account, decides and stores the event before it returns. */
    void deposit(String account, long cents);
}
