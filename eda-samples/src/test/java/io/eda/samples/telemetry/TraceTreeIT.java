package io.eda.samples.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.ConnectionFactory;
import com.zaxxer.hikari.HikariDataSource;
import io.eda.broker.kafka.KafkaOptions;
import io.eda.broker.kafka.KafkaTopics;
import io.eda.broker.kafka.KafkaTransport;
import io.eda.broker.rabbitmq.RabbitMqOptions;
import io.eda.broker.rabbitmq.RabbitMqPublishing;
import io.eda.broker.rabbitmq.RabbitMqPublishing.AfterLoss;
import io.eda.broker.rabbitmq.RabbitMqPublishing.Unroutable;
import io.eda.broker.rabbitmq.RabbitMqTopology;
import io.eda.broker.rabbitmq.RabbitMqTransport;
import io.eda.projection.ProjectionRunner;
import io.eda.samples.orders.Messaging;
import io.eda.samples.orders.OrderSystem;
import io.eda.samples.orders.TestDatabase;
import io.eda.samples.orders.http.HttpApi;
import io.eda.store.postgres.PostgresOptions;
import io.eda.testkit.servers.RealServers;
import io.eda.transport.EventTransport;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One order from the request to the last reaction, over PostgreSQL and real brokers, is one trace. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class TraceTreeIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String PARENT = "00f067aa0ba902b7";

    private static final String PLACED = "command PlaceOrder > append order";
    private static final String RESERVED =
            PLACED + " > " + reaction("order.created", "inventory") + " > command ReserveStock > append inventory";
    private static final String CHARGED =
            RESERVED + " > " + reaction("inventory.reserved", "payment") + " > command ChargePayment > append payment";
    private static final String PAID =
            CHARGED + " > " + reaction("payment.charged", "order") + " > command ConfirmPayment > append order";
    private static final String SHIPPED =
            PAID + " > " + reaction("order.paid", "order") + " > command ShipOrder > append order";

    private static final Set<String> TREE = prefixes(List.of(
            PLACED + " > " + reaction("order.created", "notification"),
            RESERVED + " > " + reaction("inventory.reserved", "inventory"),
            PAID + " > " + reaction("order.paid", "notification"),
            SHIPPED + " > " + reaction("order.shipped", "notification")));

    @Test
    void an_order_is_one_trace_through_postgresql_and_kafka() throws Exception {
        String prefix = "traces-" + System.nanoTime() + ".";
        Map<String, Object> client =
                Map.of("bootstrap.servers", RealServers.kafka().bootstrapServers());
        assertOneTraceOver(KafkaTransport.connect(
                KafkaOptions.of(client).withTopics(KafkaTopics.defaults().withPrefix(prefix))));
    }

    @Test
    void an_order_is_one_trace_through_postgresql_and_rabbitmq() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(RealServers.rabbitMq().uri());
        String exchange = RealServers.rabbitMq().freshPrefix() + "events";
        assertOneTraceOver(RabbitMqTransport.connect(RabbitMqOptions.of(factory)
                .withTopology(RabbitMqTopology.defaults().withExchange(exchange))
                .withPublishing(
                        RabbitMqPublishing.defaults().withChoices(AfterLoss.PUBLISH_AGAIN, Unroutable.IS_DROPPED))));
    }

    private static void assertOneTraceOver(EventTransport transport) throws Exception {
        try (Spans spans = new Spans();
                HikariDataSource database = TestDatabase.open();
                OrderSystem system = OrderSystem.start(
                        database, PostgresOptions.defaults(), Messaging.over(transport), spans.registry());
                HttpApi api = HttpApi.start(system, 0)) {
            for (String trace : List.of("4bf92f3577b34da6a3ce929d0e0e4736", "0af7651916cd43dd8448eb211c80319c")) {
                awaitViews(system);
                place(api, "order-" + trace, trace);
                await().atMost(SOON).untilAsserted(() -> assertThat(withoutPages(spans.paths(trace)))
                        .isEqualTo(TREE));
                // Whether a read model takes an order in one page or in three, each page belongs to the order's trace.
                await().atMost(SOON).untilAsserted(() -> assertThat(pages(spans.paths(trace)))
                        .contains("project order_views", "project stock_views"));
                assertThat(roots(spans.of(trace))).containsExactly("command PlaceOrder under " + PARENT);
                assertKinds(spans.of(trace));
            }
        }
    }

    private static void place(HttpApi api, String id, String trace) throws Exception {
        String order = "{\"orderId\": \"" + id
                + "\", \"customer\": \"ada\", \"items\": [{\"sku\": \"mug\", \"quantity\": 1}], \"card\": \"tok-visa\"}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(api.url() + "/orders"))
                .header("traceparent", "00-" + trace + "-" + PARENT + "-01")
                .POST(BodyPublishers.ofString(order))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isIn(201, 202);
    }

    /** A page that an order shared with what came before it would belong to neither. */
    private static void awaitViews(OrderSystem system) throws Exception {
        long end = system.store().storage().awaitVisible(Long.MAX_VALUE, Duration.ZERO);
        for (ProjectionRunner<?> view : system.views()) {
            view.awaitPosition(end, SOON);
        }
    }

    private static Set<String> withoutPages(Set<String> paths) {
        return paths.stream().filter(path -> !path.contains("project ")).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> pages(Set<String> paths) {
        return paths.stream()
                .filter(path -> path.contains("> project "))
                .peek(path -> assertThat(path).matches(".* > append \\w+ > project \\w+"))
                .map(path -> path.substring(path.lastIndexOf("project ")))
                .collect(Collectors.toSet());
    }

    private static List<String> roots(List<SpanData> trace) {
        Set<String> ids = trace.stream().map(SpanData::getSpanId).collect(Collectors.toSet());
        return trace.stream()
                .filter(span -> !ids.contains(span.getParentSpanId()))
                .map(span -> span.getName() + " under " + span.getParentSpanId())
                .distinct()
                .toList();
    }

    private static void assertKinds(List<SpanData> trace) {
        Map<String, SpanKind> kinds = Map.of(
                "command", SpanKind.INTERNAL,
                "append", SpanKind.PRODUCER,
                "relay", SpanKind.CONSUMER,
                "publish", SpanKind.PRODUCER,
                "receive", SpanKind.CONSUMER,
                "handle", SpanKind.INTERNAL,
                "project", SpanKind.CONSUMER);
        for (SpanData span : trace) {
            String step = span.getName().substring(0, span.getName().indexOf(' '));
            boolean isRequested = span.getParentSpanId().equals(PARENT);
            assertThat(span.getKind()).as(span.getName()).isEqualTo(isRequested ? SpanKind.SERVER : kinds.get(step));
        }
    }

    private static String reaction(String type, String group) {
        return "relay " + type + " > publish " + type + " > receive " + type + " by " + group + " > handle " + type
                + " by " + group;
    }

    private static Set<String> prefixes(List<String> leaves) {
        Set<String> paths = new TreeSet<>();
        for (String leaf : leaves) {
            for (int end = leaf.length(); end > 0; end = leaf.lastIndexOf(" > ", end - 1)) {
                paths.add(leaf.substring(0, end));
            }
        }
        return paths;
    }
}
