package io.eda.samples.orders.demo;

import java.io.PrintStream;
import java.util.function.Supplier;

/** One line that tells how far the work is, on a terminal; nothing where the output goes elsewhere. */
final class Progress {

    private static final long REFRESH_NANOS = 100_000_000;
    private static final String CLEAR_LINE = "\r\033[K";

    private final PrintStream terminal;
    private final boolean isTerminal;
    private long lastShown = System.nanoTime() - REFRESH_NANOS;
    private boolean isShown;

    Progress(PrintStream terminal, boolean isTerminal) {
        this.terminal = terminal;
        this.isTerminal = isTerminal;
    }

    /** Shows the text, unless one was shown a moment ago. */
    void show(Supplier<String> text) {
        long now = System.nanoTime();
        if (isTerminal && now - lastShown >= REFRESH_NANOS) {
            terminal.print(CLEAR_LINE + text.get());
            terminal.flush();
            lastShown = now;
            isShown = true;
        }
    }

    /** Makes room for a line of text. */
    void clear() {
        if (isShown) {
            terminal.print(CLEAR_LINE);
            terminal.flush();
            isShown = false;
        }
    }
}
