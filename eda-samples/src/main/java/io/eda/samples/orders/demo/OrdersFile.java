package io.eda.samples.orders.demo;

import io.eda.command.CommandResult;
import io.eda.samples.orders.Checkout;
import io.eda.samples.orders.InvalidOrderException;
import io.eda.samples.orders.OrderReader;
import io.eda.samples.orders.OrderSystem;
import io.eda.samples.orders.demo.LineReader.Line;
import io.eda.samples.orders.order.OrderCommand.PlaceOrder;
import io.eda.samples.orders.order.OrderRefusedException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Places the orders of a file, one JSON object a line. What is refused is reported with its line, and the others go on.
 *
 * <p>An order is placed under its own id, so a file that was read half before a crash can be read again: what was accepted
 * then is recognised. Memory does not grow with the file.
 */
final class OrdersFile {

    private static final int MAX_LINE_BYTES = 64 << 10;
    private static final int PLACED_AT_ONCE = 8;
    private static final int MAX_WAITING = 256;

    private final OrderSystem system;
    private final DataSource database;
    private final PrintStream out;
    private final Progress progress;

    private Supplier<String> howFar = () -> "";
    private long accepted;
    private long known;
    private long refused;
    private long lastPosition;

    OrdersFile(OrderSystem system, DataSource database, PrintStream out, Progress progress) {
        this.system = system;
        this.database = database;
        this.out = out;
        this.progress = progress;
    }

    /**
     * Places all orders, waits until they have come to rest, and returns the exit status.
     *
     * @throws DemoException when {@code isStopped} says so in between
     */
    int run(CountedInput in, BooleanSupplier isStopped) throws Exception {
        howFar = in::bar;
        ExecutorService workers = Executors.newFixedThreadPool(PLACED_AT_ONCE);
        try (FirstLines firstLines = FirstLines.open(database)) {
            LineReader lines = new LineReader(new BufferedInputStream(in, MAX_LINE_BYTES), MAX_LINE_BYTES);
            place(lines, firstLines, workers, isStopped);
        } finally {
            workers.shutdownNow();
        }
        boolean isAtRest = new Settling(system, progress).await(lastPosition);
        progress.clear();
        out.printf(
                "%,d orders read: %,d accepted, %,d there already, %,d refused.%n",
                accepted + known + refused, accepted, known, refused);
        out.println(
                isAtRest
                        ? "Every accepted order is where it ends, or waits for its customer to pay."
                        : "Some orders are still under way: start the demo again, and they go on.");
        return refused == 0 && isAtRest ? 0 : 1;
    }

    private void place(LineReader lines, FirstLines firstLines, ExecutorService workers, BooleanSupplier isStopped)
            throws Exception {
        Checkout checkout = new Checkout(system);
        // In the order of the lines, so that they are reported in it.
        Deque<Future<Outcome>> waiting = new ArrayDeque<>();
        for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
            if (isStopped.getAsBoolean()) {
                progress.clear();
                throw new DemoException("stopped before line " + line.get().number()
                        + ": read the same input again, and it goes on there");
            }
            Line next = line.get();
            if (!next.isBlank()) {
                Attempt attempt = attempt(next, firstLines);
                waiting.add(workers.submit(() -> attempt.outcome(checkout)));
            }
            while (waiting.size() > MAX_WAITING
                    || (!waiting.isEmpty() && waiting.element().isDone())) {
                count(waiting.remove().get());
            }
        }
        while (!waiting.isEmpty()) {
            count(waiting.remove().get());
        }
    }

    private static Attempt attempt(Line line, FirstLines firstLines) throws IOException, SQLException {
        if (line.isTooLong()) {
            return checkout -> new Outcome.Refused(line.number(), "the line is over " + MAX_LINE_BYTES + " bytes");
        }
        try {
            PlaceOrder order = OrderReader.order(line.text(), OrdersFile::refuseWithoutId);
            long first = firstLines.of(order.orderId(), line.number());
            if (first != line.number()) {
                return checkout -> new Outcome.Refused(
                        line.number(), "the order id '" + order.orderId() + "' stands in line " + first + " already");
            }
            return checkout -> place(checkout, order, line.number());
        } catch (InvalidOrderException e) {
            return checkout -> new Outcome.Refused(line.number(), e.reason());
        } catch (OrderRefusedException e) {
            return checkout -> new Outcome.Refused(line.number(), e.reason());
        }
    }

    // With an id made up here, a second reading of the file would order everything twice.
    private static String refuseWithoutId() {
        throw new OrderRefusedException("orderId is missing: it is what makes reading a file again safe");
    }

    private static Outcome place(Checkout checkout, PlaceOrder order, long line) {
        try {
            return new Outcome.Placed(checkout.place(order));
        } catch (OrderRefusedException e) {
            return new Outcome.Refused(line, e.reason());
        }
    }

    private void count(Outcome outcome) {
        if (outcome instanceof Outcome.Refused no) {
            refused++;
            progress.clear();
            out.println("line " + no.line() + ": refused, " + no.reason());
        } else if (outcome instanceof Outcome.Placed placed) {
            lastPosition = Math.max(lastPosition, placed.result().position());
            if (placed.result().eventCount() > 0) {
                accepted++;
            } else {
                known++;
            }
        }
        progress.show(() ->
                howFar.get() + String.format("%,d accepted, %,d there already, %,d refused", accepted, known, refused));
    }

    /** A line that was read, to be placed by a worker. */
    private interface Attempt {
        Outcome outcome(Checkout checkout);
    }

    private sealed interface Outcome {
        record Placed(CommandResult result) implements Outcome {}

        record Refused(long line, String reason) implements Outcome {}
    }
}
