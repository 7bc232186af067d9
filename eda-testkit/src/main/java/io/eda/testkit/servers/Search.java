package io.eda.testkit.servers;

import io.eda.testkit.servers.ServerOptions.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks for one product's server in one place after the other, and takes the first that is there.
 *
 * <p>One place alone is asked where the options name it, or else the environment variable {@code EDA_<product>_FROM}.
 * A server that is there and does not start is an error: the next place would hide it.
 */
final class Search<S> {

    private final String product;
    private final Machine machine;
    private final Source wanted;
    private final boolean mayBeGiven;
    private final List<String> lookedFor = new ArrayList<>();
    private @Nullable Supplier<S> found;

    private Search(String product, Machine machine, Source wanted, boolean mayBeGiven) {
        this.product = product;
        this.machine = machine;
        this.wanted = wanted;
        this.mayBeGiven = mayBeGiven;
    }

    /**
     * A search that has looked nowhere yet.
     *
     * @param mayBeGiven whether a server that somebody else runs will do, where the options do not ask for one; it will
     *     not for a test that wants to kill it
     */
    static <S> Search<S> of(String product, Machine machine, ServerOptions options, boolean mayBeGiven) {
        Source source = options.source() == Source.AUTOMATIC
                ? machine.variable(fromVariable(product))
                        .map(value -> parse(product, value))
                        .orElse(Source.AUTOMATIC)
                : options.source();
        return new Search<>(product, machine, source, mayBeGiven || source == Source.ENVIRONMENT);
    }

    /** Looks at an environment variable that holds the address of a server. */
    Search<S> given(String variable, Function<String, S> connect) {
        return look(Source.ENVIRONMENT, () -> {
            Optional<String> value = machine.variable(variable);
            if (value.isEmpty()) {
                return Attempt.missing("the environment variable " + variable + ", which is not set");
            }
            return mayBeGiven
                    ? Attempt.found(() -> connect.apply(value.get()))
                    : Attempt.missing(
                            "no server given by " + variable + ", because the test wants one that it may kill");
        });
    }

    /** Looks in this place, unless the server was found or another place is wanted. */
    Search<S> look(Source place, Supplier<Attempt<S>> attempt) {
        if (found != null || (wanted != Source.AUTOMATIC && wanted != place)) {
            return this;
        }
        Attempt<S> outcome = attempt.get();
        if (outcome instanceof Attempt.Found<S> there) {
            found = there.server();
        } else if (outcome instanceof Attempt.Missing<S> missing) {
            lookedFor.add(missing.lookedFor());
        }
        return this;
    }

    /** The server that was found, started; otherwise the error that says what to do. */
    S orFail(String remedy) {
        if (found != null) {
            return found.get();
        }
        String places = lookedFor.isEmpty()
                ? "\n  - nothing, because it never comes from " + wanted + " (see " + fromVariable(product) + ")"
                : "\n  - " + String.join("\n  - ", lookedFor);
        throw new MissingServerException("A test needs a real " + product + ", and this machine has none. Looked for:"
                + places + "\nDo one of these: " + remedy);
    }

    static String fromVariable(String product) {
        return "EDA_" + product.toUpperCase(Locale.ROOT).replace("POSTGRESQL", "POSTGRES") + "_FROM";
    }

    private static Source parse(String product, String value) {
        return Arrays.stream(Source.values())
                .filter(source -> source.name().equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(fromVariable(product) + " is '" + value
                        + "', which is no place to get a server from. Set it to one of "
                        + Arrays.toString(Source.values()).toLowerCase(Locale.ROOT) + "."));
    }
}
