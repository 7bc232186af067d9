package io.eda.samples.orders.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tells how far long work is: in one line that is written over again where somebody watches a terminal, in a plain line now and then
 * where the output goes elsewhere, or not at all. For one thread.
 */
final class Progress {

    private static final String CLEAR_LINE = "\r\033[K";

    /** How it is told. */
    enum Style {
        LINE_ON_A_TERMINAL(Duration.ofMillis(100)),
        PLAIN_LINES(Duration.ofSeconds(5)),
        NOTHING(Duration.ZERO);

        private final long nanosBetween;

        Style(Duration between) {
            this.nanosBetween = between.toNanos();
        }
    }

    private final PrintStream out;
    private final Style style;
    private final LongSupplier nanoTime;
    private long lastShown;
    private boolean isShown;

    Progress(PrintStream out, Style style) {
        this(out, style, System::nanoTime);
    }

    Progress(PrintStream out, Style style, LongSupplier nanoTime) {
        this.out = out;
        this.style = style;
        this.nanoTime = nanoTime;
        // Work that is over in a moment tells nothing.
        this.lastShown = nanoTime.getAsLong();
    }

    /** Returns one that tells nothing. */
    static Progress none() {
        return new Progress(System.err, Style.NOTHING);
    }

    /** Shows the text, unless one was shown a moment ago. */
    void show(Supplier<String> text) {
        long now = nanoTime.getAsLong();
        if (style == Style.NOTHING || now - lastShown < style.nanosBetween) {
            return;
        }
        lastShown = now;
        if (style == Style.PLAIN_LINES) {
            out.println(text.get());
            return;
        }
        out.print(CLEAR_LINE + text.get());
        out.flush();
        isShown = true;
    }

    /** Makes room for a line of text. */
    void clear() {
        if (isShown) {
            out.print(CLEAR_LINE);
            out.flush();
            isShown = false;
        }
    }
}
