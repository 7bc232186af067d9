package io.eda.samples.orders.operations;

import static io.eda.samples.orders.operations.SmallSystem.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.ConnectionFactory;
import com.zaxxer.hikari.HikariDataSource;
import io.eda.broker.rabbitmq.RabbitMqOptions;
import io.eda.broker.rabbitmq.RabbitMqPublishing;
import io.eda.broker.rabbitmq.RabbitMqPublishing.AfterLoss;
import io.eda.broker.rabbitmq.RabbitMqPublishing.Unroutable;
import io.eda.broker.rabbitmq.RabbitMqTopology;
import io.eda.broker.rabbitmq.RabbitMqTransport;
import io.eda.bus.Deduplication;
import io.eda.idempotency.redis.RedisIdempotencyOptions;
import io.eda.idempotency.redis.RedisIdempotencyStore;
import io.eda.samples.docs.Queries;
import io.eda.samples.orders.Messaging;
import io.eda.samples.orders.OrderSystem;
import io.eda.samples.orders.http.HttpApi;
import io.eda.store.postgres.PostgresOptions;
import io.eda.testkit.servers.PostgresServer;
import io.eda.testkit.servers.RealServers;
import io.lettuce.core.RedisURI;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What those who run the order system see of it, over PostgreSQL, RabbitMQ and Redis. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(180)
class OperationsIT {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static PostgresServer server;
    private static HikariDataSource database;
    private static RedisIdempotencyStore claims;
    private static OrderSystem system;
    private static HttpApi api;

    @BeforeAll
    static void start() throws Exception {
        server = RealServers.dedicatedPostgres();
        database = new HikariDataSource();
        database.setJdbcUrl(server.jdbcUrl());
        database.setMaximumPoolSize(20);
        var redis = RealServers.redis();
        claims = RedisIdempotencyStore.connect(
                RedisURI.create(redis.uri()), RedisIdempotencyOptions.defaults().withKeyPrefix(redis.freshKeyPrefix()));
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(RealServers.rabbitMq().uri());
        var transport = RabbitMqTransport.connect(RabbitMqOptions.of(factory)
                .withTopology(RabbitMqTopology.defaults()
                        .withExchange("ops-" + UUID.randomUUID().toString().substring(0, 8)))
                .withPublishing(
                        RabbitMqPublishing.defaults().withChoices(AfterLoss.PUBLISH_AGAIN, Unroutable.IS_DROPPED)));
        system = OrderSystem.start(
                database,
                PostgresOptions.defaults(),
                Messaging.over(transport).withDeduplication(Deduplication.by(claims)));
        api = HttpApi.start(system, 0);
    }

    @AfterAll
    static void stop() throws Exception {
        api.close();
        system.close();
        claims.close();
        database.close();
        server.close();
    }

    @Test
    void the_life_of_an_order_is_told_from_its_first_event_to_its_parcel() throws Exception {
        String id = shippedOrder();
        JsonNode events = json(get("/orders/" + id + "/events"));
        String created = events.path(0).path("eventId").stringValue();
        await().untilAsserted(() -> {
            JsonNode life = json(get("/events/" + created + "/life"));
            assertThat(types(life.path("events")))
                    .containsExactly(
                            "order.created", "inventory.reserved", "payment.charged", "order.paid", "order.shipped");
            assertThat(life.path("searched").path("isWhole").booleanValue()).isTrue();
            assertThat(outcomes(life.path("events").path(0)))
                    .contains(
                            "relay relay: Passed",
                            "projection order_views: Passed",
                            "projection stock_views: NotWanted")
                    .contains("group inventory: Passed", "group notification: Passed", "group payment: NotWanted");
        });
        assertThat(get("/events/" + created + "/life?as=text").body())
                .contains("order.created of order/" + id + ", version 1, was decided")
                .contains("Its command 'reserve' led to inventory.reserved of inventory/mug")
                .contains("Its command 'ship' led to order.shipped of order/" + id);

        String shipped = events.path(3).path("eventId").stringValue();
        JsonNode ofShipped = json(get("/events/" + shipped + "/life"));
        assertThat(ofShipped.path("causes").valueStream().map(cause -> cause.path("eventType")
                        .stringValue()))
                .containsExactly("order.created", "inventory.reserved", "payment.charged", "order.paid");

        String talk = events.path(0).path("correlationId").stringValue();
        JsonNode conversation = json(get("/events/" + URLEncoder.encode(talk, StandardCharsets.UTF_8) + "/life"));
        assertThat(types(conversation.path("events"))).hasSize(5);
    }

    @Test
    void what_nobody_knows_is_404() throws Exception {
        assertThat(get("/events/" + UUID.randomUUID() + "/life").statusCode()).isEqualTo(404);
        assertThat(get("/events/nobody/life").statusCode()).isEqualTo(404);
    }

    @Test
    void health_is_200_while_all_parts_work_and_503_while_the_database_is_frozen() throws Exception {
        await().untilAsserted(() -> {
            HttpResponse<String> well = get("/health");
            assertThat(well.statusCode()).as(well.body()).isEqualTo(200);
            assertThat(json(well).path("status").stringValue()).isEqualTo("UP");
        });
        assertThat(json(get("/health")).path("parts").valueStream().map(part -> part.path("part")
                        .stringValue()))
                .contains(
                        "store",
                        "relay relay",
                        "projection order_views",
                        "subscription inventory",
                        "dead letters payment",
                        "deduplication");
        server.freeze();
        try {
            HttpResponse<String> ill = get("/health");
            assertThat(ill.statusCode()).as(ill.body()).isEqualTo(503);
            assertThat(json(ill).path("parts").path(0).path("status").stringValue())
                    .isEqualTo("DOWN");
            assertThat(json(ill).path("parts").path(0).path("hint").stringValue())
                    .contains("Look at the database");
        } finally {
            server.thaw();
        }
        await().untilAsserted(() -> assertThat(get("/health").statusCode()).isEqualTo(200));
    }

    @Test
    void every_metric_of_the_dashboard_is_scraped_from_the_running_system() throws Exception {
        shippedOrder();
        // Only a rebuild beside a projection tells how far it is, and this system has none.
        Set<String> absent = Set.of("eda_projection_rebuild_ratio");
        Set<String> asked = new TreeSet<>();
        Queries.ofTheDashboard().forEach(query -> asked.addAll(Queries.metrics(query)));
        asked.removeAll(absent);
        await().untilAsserted(() -> {
            HttpResponse<String> scraped = get("/metrics");
            assertThat(scraped.headers().firstValue("Content-Type"))
                    .get()
                    .asString()
                    .startsWith("text/plain");
            assertThat(Queries.metricsOf(scraped.body())).containsAll(asked);
        });
    }

    private static String shippedOrder() throws Exception {
        String id = "order-" + UUID.randomUUID();
        HttpRequest place = HttpRequest.newBuilder(URI.create(api.url() + "/orders"))
                .POST(
                        BodyPublishers.ofString(
                                "{\"orderId\": \"" + id
                                        + "\", \"customer\": \"ada\", \"items\": [{\"sku\": \"mug\", \"quantity\": 1}], \"card\": \"tok-visa\"}"))
                .build();
        assertThat(CLIENT.send(place, BodyHandlers.ofString()).statusCode()).isIn(201, 202);
        await().until(() ->
                json(get("/orders/" + id)).path("status").asString("").equals("shipped"));
        return id;
    }

    private static List<String> types(JsonNode events) {
        return events.valueStream()
                .flatMap(event -> Stream.concat(
                        Stream.of(event.path("eventType").stringValue()),
                        event.path("reactions")
                                .valueStream()
                                .flatMap(reaction -> types(reaction.path("events")).stream())))
                .toList();
    }

    private static List<String> outcomes(JsonNode event) {
        return event.path("passages")
                .valueStream()
                .map(passage -> passage.path("place").stringValue() + ": "
                        + passage.path("outcome").stringValue())
                .toList();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(URI.create(api.url() + path)).build(), BodyHandlers.ofString());
    }
}
