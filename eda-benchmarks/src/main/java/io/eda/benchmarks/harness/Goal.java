package io.eda.benchmarks.harness;

import java.util.Locale;
import java.util.Optional;

/**
 * A figure that was promised: a limit for a median, or for its ratio to the median of a reference.
 *
 * @param contender whose figure it is
 * @param quantity of which kind
 * @param reference what it is divided by
 * @param limit the number to reach
 * @param isLeast whether more is better
 */
public record Goal(String contender, Quantity quantity, Optional<String> reference, double limit, boolean isLeast) {

    /** Promises at least {@code ratio} times the reference's. */
    public static Goal atLeast(double ratio, String contender, Quantity quantity, String reference) {
        return new Goal(contender, quantity, Optional.of(reference), ratio, true);
    }

    /** Promises at most {@code ratio} times the reference's. */
    public static Goal atMost(double ratio, String contender, Quantity quantity, String reference) {
        return new Goal(contender, quantity, Optional.of(reference), ratio, false);
    }

    /** Promises at most {@code limit}, whatever others do. */
    public static Goal atMost(double limit, String contender, Quantity quantity) {
        return new Goal(contender, quantity, Optional.empty(), limit, false);
    }

    double found(Outcome outcome) {
        double own = outcome.spread(contender, quantity).median();
        return reference
                .map(name -> own / outcome.spread(name, quantity).median())
                .orElse(own);
    }

    boolean isMet(Outcome outcome) {
        double found = found(outcome);
        return isLeast ? found >= limit : found <= limit;
    }

    /** Tells what was asked for and what was found. */
    String verdict(Outcome outcome) {
        String times = reference.isPresent() ? "×" : "";
        String asked = quantity.title() + " of " + contender
                + reference.map(name -> " against " + name).orElse("");
        return String.format(
                Locale.ROOT,
                "%s: %.2f%s, asked for %s %.2f%s: %s",
                asked,
                found(outcome),
                times,
                isLeast ? "at least" : "at most",
                limit,
                times,
                isMet(outcome) ? "reached" : "short");
    }
}
