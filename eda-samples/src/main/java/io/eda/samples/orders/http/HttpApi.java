package io.eda.samples.orders.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.eda.projection.PositionNotReachedException;
import io.eda.samples.orders.InvalidOrderException;
import io.eda.samples.orders.OrderSystem;
import io.eda.samples.orders.order.OrderRefusedException;
import io.eda.store.EventStorageException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The order system over HTTP, for this machine alone. Errors are JSON: {@code {"error": "what and why"}}. */
public final class HttpApi implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HttpApi.class);

    private static final int THREADS = 16;
    private static final int LAST_WORDS_SECONDS = 1;

    private final List<Route> routes;
    private final HttpServer server;
    private final ExecutorService threads;

    private HttpApi(HttpServer server, OrderSystem system) {
        OrderRoutes orders = new OrderRoutes(system);
        OperationsRoutes operations = new OperationsRoutes(system.operations());
        this.routes = List.of(
                Route.of("GET", "/", orders::welcome),
                Route.of("GET", "/products", orders::products),
                Route.of("GET", "/orders", orders::list),
                Route.of("POST", "/orders", orders::place),
                Route.of("GET", "/orders/{id}", orders::show),
                Route.of("GET", "/orders/{id}/events", orders::events),
                Route.of("POST", "/orders/{id}/pay", orders::pay),
                Route.of("GET", "/events/{id}/life", operations::life),
                Route.of("GET", "/health", operations::health),
                Route.of("GET", "/metrics", operations::metrics));
        this.server = server;
        this.threads = Executors.newFixedThreadPool(THREADS);
    }

    /**
     * Starts to answer.
     *
     * @param port 0 for any free one
     * @throws IOException if the port is taken
     */
    public static HttpApi start(OrderSystem system, int port) throws IOException {
        // The loopback address alone: there is no login here.
        var address = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        HttpApi api = new HttpApi(HttpServer.create(address, 0), system);
        api.server.setExecutor(api.threads);
        api.server.createContext("/", api::handle);
        api.server.start();
        return api;
    }

    /** Returns where it answers, such as {@code http://127.0.0.1:8080}. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply = answer(exchange);
            exchange.getResponseHeaders().set("Content-Type", reply.contentType());
            exchange.sendResponseHeaders(reply.status(), reply.body().length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(reply.body());
            }
        }
    }

    private Reply answer(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        List<Route> here = routes.stream().filter(route -> route.isAt(path)).toList();
        if (here.isEmpty()) {
            return Reply.error(404, "there is nothing at " + path + "; see / for what there is");
        }
        for (Route route : here) {
            if (route.method().equals(exchange.getRequestMethod())) {
                return answer(route, new Request(exchange, route.id(path)));
            }
        }
        String allowed = here.stream().map(Route::method).collect(Collectors.joining(", "));
        exchange.getResponseHeaders().set("Allow", allowed);
        return Reply.error(405, "use " + allowed + " at " + path);
    }

    private Reply answer(Route route, Request request) {
        try {
            return route.action().answer(request);
        } catch (InvalidOrderException e) {
            return Reply.error(400, e.reason());
        } catch (OrderRefusedException e) {
            return Reply.error(409, e.reason());
        } catch (Request.TooLargeException e) {
            return Reply.error(413, Request.TooLargeException.REASON);
        } catch (PositionNotReachedException e) {
            return Reply.error(202, "accepted, but order_views is behind: ask again in a moment");
        } catch (EventStorageException e) {
            log.warn("{} {} failed", route.method(), request.exchange().getRequestURI(), e);
            return Reply.error(503, "the store does not answer: try again in a moment");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Reply.error(503, "the order system is being stopped");
        } catch (Exception e) {
            log.error("{} {} failed", route.method(), request.exchange().getRequestURI(), e);
            return Reply.error(500, "this should not happen; the terminal of the order system says more");
        }
    }

    /** Answers what was asked, and then no more. */
    @Override
    public void close() {
        server.stop(LAST_WORDS_SECONDS);
        threads.shutdown();
    }
}
