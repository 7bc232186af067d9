package io.eda.samples.orders.demo;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the demo was asked to do.
 *
 * @param isHelp whether it only says what it can do
 * @param isOnce whether it plays a few orders through and ends
 * @param isRebuild whether it builds the read models again and ends
 * @param orders the file of orders to read, {@code -} for the standard input
 * @param port where it serves; 0 for any free port
 * @param data where the database is kept between runs
 * @param bus what carries events between the services
 * @param dedupe what remembers which events were handled
 */
record Options(
        boolean isHelp,
        boolean isOnce,
        boolean isRebuild,
        Optional<String> orders,
        int port,
        Path data,
        Bus bus,
        Dedupe dedupe) {

    private static final int DEFAULT_PORT = 8080;

    /** What carries events between the services. */
    enum Bus {
        MEMORY,
        RABBITMQ,
        KAFKA
    }

    /** What remembers which events were handled. */
    enum Dedupe {
        NONE,
        REDIS
    }

    static Options parse(List<String> arguments, Path home) {
        Deque<String> left = new ArrayDeque<>(arguments);
        Options options = new Options(
                false, false, false, Optional.empty(), DEFAULT_PORT, home.resolve("demo"), Bus.MEMORY, Dedupe.NONE);
        while (!left.isEmpty()) {
            options = options.with(left.remove(), left);
        }
        if (Stream.of(options.isOnce, options.isRebuild, options.orders.isPresent())
                        .filter(is -> is)
                        .count()
                > 1) {
            throw new DemoException("--once, --rebuild and --orders exclude each other: use one of them");
        }
        return options;
    }

    private Options with(String option, Deque<String> left) {
        return switch (option) {
            case "--help", "-h" -> new Options(true, isOnce, isRebuild, orders, port, data, bus, dedupe);
            case "--once" -> new Options(isHelp, true, isRebuild, orders, port, data, bus, dedupe);
            case "--rebuild" -> new Options(isHelp, isOnce, true, orders, port, data, bus, dedupe);
            case "--orders" ->
                new Options(isHelp, isOnce, isRebuild, Optional.of(value(option, left)), port, data, bus, dedupe);
            case "--port" ->
                new Options(isHelp, isOnce, isRebuild, orders, port(value(option, left)), data, bus, dedupe);
            case "--data" ->
                new Options(isHelp, isOnce, isRebuild, orders, port, Path.of(value(option, left)), bus, dedupe);
            case "--bus" ->
                new Options(
                        isHelp,
                        isOnce,
                        isRebuild,
                        orders,
                        port,
                        data,
                        choice(Bus.class, option, value(option, left)),
                        dedupe);
            case "--dedupe" ->
                new Options(
                        isHelp,
                        isOnce,
                        isRebuild,
                        orders,
                        port,
                        data,
                        bus,
                        choice(Dedupe.class, option, value(option, left)));
            default -> throw new DemoException("unknown option '" + option + "'; see dev/demo --help");
        };
    }

    private static String value(String option, Deque<String> left) {
        String value = left.poll();
        if (value == null || value.isBlank()) {
            throw new DemoException(option + " needs a value; see dev/demo --help");
        }
        return value;
    }

    private static <E extends Enum<E>> E choice(Class<E> choices, String option, String value) {
        List<String> names = Stream.of(choices.getEnumConstants())
                .map(choice -> choice.name().toLowerCase(Locale.ROOT))
                .toList();
        if (!names.contains(value)) {
            throw new DemoException(option + " '" + value + "' is not known: use one of " + String.join(", ", names));
        }
        return Enum.valueOf(choices, value.toUpperCase(Locale.ROOT));
    }

    private static int port(String value) {
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new DemoException("--port '" + value + "' is no port: use a number from 0 to 65535", e);
        }
        throw new DemoException("--port " + value + " is no port: use a number from 0 to 65535");
    }
}
