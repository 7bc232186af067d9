package io.eda.samples.orders.demo;

import io.eda.projection.RebuildRefusedException;
import io.eda.samples.orders.Messaging;
import io.eda.samples.orders.OrderSystem;
import io.eda.samples.orders.demo.DemoDatabase.Opened;
import io.eda.samples.orders.http.HttpApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** Starts the demo. Ends with 0 where all went well, 1 where something was refused or wrong, 2 for options it does not know. */
public final class Main {

    // Set by dev/demo: where programs and data lie, and whether somebody is watching.
    private static final Path HOME = Path.of(System.getProperty("eda.demo.home", ".dev"));
    // What the names on a broker begin with; the kept database goes with the same ones each time.
    private static final String KEPT = "orders.";
    private static final Progress.Style STYLE =
            Boolean.getBoolean("eda.demo.terminal") ? Progress.Style.LINE_ON_A_TERMINAL : Progress.Style.PLAIN_LINES;

    private final Resources resources;
    private final Options options;
    private final DemoDatabase databases;

    private Main(Resources resources, Options options) {
        this.resources = resources;
        this.options = options;
        this.databases = new DemoDatabase(HOME, System.getenv(), resources);
    }

    /** See {@code usage.txt}. */
    public static void main(String[] arguments) {
        Options options;
        try {
            options = Options.parse(List.of(arguments), HOME);
        } catch (DemoException e) {
            System.err.println("dev/demo: " + e.getMessage());
            System.exit(2);
            return;
        }
        if (options.isHelp()) {
            System.out.print(Texts.read("usage.txt"));
            return;
        }
        System.exit(run(options));
    }

    private static int run(Options options) {
        try (Resources resources = new Resources()) {
            Runtime.getRuntime().addShutdownHook(new Thread(resources::close, "ctrl-c"));
            try {
                return new Main(resources, options).run();
            } catch (DemoException e) {
                System.err.println("dev/demo: " + e.getMessage());
                return 1;
            } catch (Exception e) {
                if (!resources.isClosed()) {
                    System.err.println("dev/demo: " + e);
                    e.printStackTrace();
                }
                return 1;
            }
        }
    }

    private int run() throws Exception {
        if (options.isOnce()) {
            // Nothing of another play may come in: the database is new, and so are the names on the broker.
            return new Once(
                            start(
                                    databases.fresh(),
                                    "once-" + UUID.randomUUID().toString().substring(0, 8) + "."),
                            System.out)
                    .run();
        }
        if (options.orders().isPresent()) {
            return readOrders(options.orders().get());
        }
        if (options.isRebuild()) {
            return rebuild();
        }
        return serve();
    }

    private int readOrders(String file) throws Exception {
        try (CountedInput in = open(file)) {
            Opened database = databases.kept(options.data());
            return new OrdersFile(
                            start(database, KEPT), database.dataSource(), System.out, new Progress(System.err, STYLE))
                    .run(in, resources::isClosed);
        }
    }

    private static CountedInput open(String file) {
        if (file.equals("-")) {
            return new CountedInput(System.in, 0);
        }
        try {
            return new CountedInput(Files.newInputStream(Path.of(file)), Files.size(Path.of(file)));
        } catch (IOException e) {
            throw new DemoException("--orders " + file + " cannot be read: " + e, e);
        }
    }

    private int rebuild() throws Exception {
        CatchingUp views = new CatchingUp(start(databases.kept(options.data()), KEPT), new Progress(System.err, STYLE));
        try {
            views.rebuild();
        } catch (RebuildRefusedException e) {
            throw new DemoException("the read models were not emptied: " + e.getMessage(), e);
        }
        boolean isDone = views.await(resources::isClosed);
        System.out.println(
                isDone
                        ? "Every read model was built again, and shows everything."
                        : "Stopped: start the demo again, and the read models go on where they are.");
        return isDone ? 0 : 1;
    }

    private int serve() throws Exception {
        OrderSystem system = start(databases.kept(options.data()), KEPT);
        HttpApi api;
        try {
            api = resources.add(HttpApi.start(system, options.port()));
        } catch (IOException e) {
            throw new DemoException("port " + options.port() + " is taken: choose another with --port", e);
        }
        System.out.print(Texts.read("welcome.txt").replace("{url}", api.url()));
        boolean unused = new CatchingUp(system, new Progress(System.err, STYLE)).await(resources::isClosed);
        // Ctrl-C ends it, and closes everything on the way.
        new CountDownLatch(1).await();
        return 0;
    }

    private OrderSystem start(Opened database, String prefix) {
        Messaging messaging = new DemoMessaging(System.getenv(), resources).open(options, prefix);
        return resources.add(OrderSystem.start(database.dataSource(), database.options(), messaging));
    }
}
