package io.eda.samples.orders.demo;

import io.eda.command.CommandResult;
import io.eda.samples.orders.Checkout;
import io.eda.samples.orders.OrderReader;
import io.eda.samples.orders.OrderSystem;
import io.eda.samples.orders.views.OrderQuery.OrderById;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Plays a few orders through, tells the life of each, and checks where everything ended. */
final class Once {

    private static final String NO_CARD = "";
    private static final Duration LAST_NOTIFICATION = Duration.ofSeconds(10);
    private static final long CHECK_MILLIS = 50;

    private final OrderSystem system;
    private final Checkout checkout;
    private final PrintStream out;
    private final AtomicLong lastPosition = new AtomicLong();

    Once(OrderSystem system, PrintStream out) {
        this.system = system;
        this.checkout = new Checkout(system);
        this.out = out;
    }

    /** Returns the exit status. */
    int run() throws Exception {
        place("A-1", "ada", item("mug", 2) + ", " + item("book", 1), "tok-visa");
        place("B-1", "bob", item("lamp", 1), "tok-declined");
        fightForTheLastPrint();
        place("E-1", "eve", item("lamp", 2), NO_CARD);
        // A broker may take longer to begin than a customer waits.
        settle();
        checkout.pay("E-1", "tok-master");
        settle();
        place("F-1", "finn", item("mug", 3) + ", " + item("print", 1), "tok-visa");
        settle();

        List<Expectation> orders = expectations();
        List<String> wrong = differences(orders);
        Story story = new Story(system, out);
        orders.forEach(order -> story.tell(order.orderId(), order.title()));
        out.println();
        wrong.forEach(difference -> out.println("WRONG: " + difference));
        out.println(
                wrong.isEmpty()
                        ? "Every read model shows the right end: orders, stock, payments and notifications."
                        : "The end is not what it should be.");
        return wrong.isEmpty() ? 0 : 1;
    }

    private List<Expectation> expectations() {
        boolean carolWins = system.queries()
                .ask(new OrderById("C-1"))
                .filter(order -> order.status().equals("shipped"))
                .isPresent();
        String carol = "carol and dave want the last print at the same moment: carol";
        String dave = "carol and dave want the last print at the same moment: dave";
        return List.of(
                Expectation.shipped("A-1", "ada buys two mugs and a book, and her card pays"),
                Expectation.cancelled("B-1", "bob's card is declined, and his lamp goes back", "failed", "payment"),
                carolWins ? Expectation.shipped("C-1", carol) : outOfStock("C-1", carol),
                carolWins ? outOfStock("D-1", dave) : Expectation.shipped("D-1", dave),
                Expectation.shipped("E-1", "eve pays when she likes"),
                outOfStock("F-1", "finn wants mugs and a print; there is no print, and his mugs go back"));
    }

    private static Expectation outOfStock(String orderId, String title) {
        return Expectation.cancelled(orderId, title, "open", "not enough stock: 1 × print");
    }

    /** Notifications have their own pace, so what differs now is looked at again for a while. */
    private List<String> differences(List<Expectation> orders) throws InterruptedException {
        Map<String, Long> stock = Map.of("mug", 999_998L, "book", 999_999L, "lamp", 99_998L, "print", 0L);
        long deadline = System.nanoTime() + LAST_NOTIFICATION.toNanos();
        List<String> wrong = EndState.differences(system, orders, stock);
        while (!wrong.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(CHECK_MILLIS);
            wrong = EndState.differences(system, orders, stock);
        }
        return wrong.isEmpty() ? EndState.differencesWhenRebuilt(system) : wrong;
    }

    private void settle() throws InterruptedException {
        boolean unused = new Settling(system, new Progress(out, false)).await(lastPosition.get());
    }

    /** Two clients, at the same moment. */
    private void fightForTheLastPrint() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(2);
        try {
            List<Callable<CommandResult>> both = List.of(
                    () -> place("C-1", "carol", item("print", 1), "tok-visa"),
                    () -> place("D-1", "dave", item("print", 1), "tok-visa"));
            for (Future<CommandResult> placed : clients.invokeAll(both)) {
                placed.get();
            }
        } finally {
            clients.shutdown();
        }
    }

    private CommandResult place(String orderId, String customer, String items, String card) {
        String json = "{\"orderId\": \"" + orderId + "\", \"customer\": \"" + customer + "\", \"items\": [" + items
                + "]" + (card.isEmpty() ? "" : ", \"card\": \"" + card + "\"") + "}";
        CommandResult placed = checkout.place(OrderReader.order(json.getBytes(StandardCharsets.UTF_8), () -> orderId));
        lastPosition.accumulateAndGet(placed.position(), Math::max);
        return placed;
    }

    private static String item(String sku, int quantity) {
        return "{\"sku\": \"" + sku + "\", \"quantity\": " + quantity + "}";
    }
}
