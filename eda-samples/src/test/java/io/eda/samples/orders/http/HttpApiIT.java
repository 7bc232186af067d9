package io.eda.samples.orders.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.samples.orders.OrderSystem;
import io.eda.samples.orders.TestDatabase;
import io.eda.store.postgres.PostgresOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HttpApiIT {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static HikariDataSource database;
    private static OrderSystem system;
    private static HttpApi api;

    private final String id = "order-" + UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        database = TestDatabase.open();
        system = OrderSystem.start(database, PostgresOptions.defaults());
        api = HttpApi.start(system, 0);
    }

    @AfterAll
    static void stop() throws Exception {
        api.close();
        system.close();
        database.close();
    }

    @Test
    void what_is_not_there_is_404_and_what_cannot_be_done_there_405() throws Exception {
        assertError(get("/nowhere"), 404, "there is nothing at /nowhere");
        assertError(get("/orders/nobody"), 404, "there is no order 'nobody'");
        assertError(get("/orders/nobody/events"), 404, "there is no order 'nobody'");
        assertError(post("/orders/nobody/pay", "{\"card\": \"tok-visa\"}"), 404, "there is no order 'nobody'");
        HttpResponse<String> answer = get("/orders/1/pay");
        assertError(answer, 405, "use POST");
        assertThat(answer.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void a_bad_order_is_400_a_large_one_413() throws Exception {
        assertError(post("/orders", "{"), 400, "this is not JSON");
        assertError(post("/orders", order("ada", "unicorn", "")), 400, "there is no product 'unicorn'");
        assertError(post("/orders", " ".repeat(70_000)), 413, "the body is over 65536 bytes");
    }

    @Test
    void the_same_order_again_is_200_another_one_under_its_id_409() throws Exception {
        assertThat(post("/orders", order("ada", "mug", "")).statusCode()).isEqualTo(201);
        assertThat(post("/orders", order("ada", "mug", "")).statusCode()).isEqualTo(200);
        assertError(post("/orders", order("bob", "mug", "")), 409, "there is another order");
    }

    @Test
    void whoever_places_an_order_sees_it_at_once() throws Exception {
        HttpResponse<String> placed = post("/orders", order("ada", "mug", ""));
        assertThat(placed.statusCode()).isEqualTo(201);
        assertThat(json(placed).path("orderId").stringValue()).isEqualTo(id);
        assertThat(get("/orders/" + id).statusCode()).isEqualTo(200);
    }

    @Test
    void an_order_with_a_card_pays_by_itself_and_its_events_tell_how() throws Exception {
        post("/orders", order("ada", "mug", "tok-visa"));
        awaitStatus("shipped");
        JsonNode events = json(get("/orders/" + id + "/events"));
        assertThat(events.valueStream().map(event -> event.path("eventType").stringValue()))
                .containsExactly("order.created", "payment.charged", "order.paid", "order.shipped");
        assertThat(events.valueStream().map(event -> event.path("correlationId").stringValue()))
                .containsOnly(events.path(0).path("correlationId").stringValue());
        assertThat(events.path(0).path("aggregateVersion").intValue()).isEqualTo(1);
    }

    @Test
    void an_order_without_a_card_waits_until_it_is_paid_and_is_charged_once() throws Exception {
        post("/orders", order("ada", "mug", ""));
        HttpResponse<String> paid = post("/orders/" + id + "/pay", "{\"card\": \"tok-visa\"}");
        assertThat(paid.statusCode()).isEqualTo(200);
        assertThat(json(paid).path("payment").stringValue()).isEqualTo("charged");
        assertThat(post("/orders/" + id + "/pay", "{\"card\": \"tok-other\"}").statusCode())
                .isEqualTo(200);
        awaitStatus("shipped");
        assertThat(get("/orders/" + id + "/events").body()).containsOnlyOnce("payment.charged");
    }

    @Test
    void an_order_whose_card_is_declined_is_cancelled_and_cannot_be_paid_any_more() throws Exception {
        post("/orders", order("ada", "mug", ""));
        post("/orders/" + id + "/pay", "{\"card\": \"tok-declined\"}");
        awaitStatus("cancelled");
        assertError(post("/orders/" + id + "/pay", "{\"card\": \"tok-visa\"}"), 409, "is cancelled: payment failed");
    }

    @Test
    void lists_show_orders_of_one_status() throws Exception {
        post("/orders", order("ada", "mug", "tok-visa"));
        awaitStatus("shipped");
        assertThat(statuses("/orders?status=shipped")).contains("shipped").containsOnly("shipped");
        assertThat(get("/orders").body()).contains(id);
        assertThat(statuses("/orders?status=lost")).isEmpty();
    }

    @Test
    void the_first_page_says_what_to_type_and_products_what_there_is() throws Exception {
        assertThat(get("/").body()).contains("curl " + api.url() + "/orders -d");
        assertThat(get("/products").body()).contains("\"sku\" : \"lamp\"");
    }

    private void awaitStatus(String status) {
        await().until(() ->
                json(get("/orders/" + id)).path("status").stringValue().equals(status));
    }

    private List<String> statuses(String path) throws Exception {
        return json(get(path))
                .valueStream()
                .map(order -> order.path("status").stringValue())
                .toList();
    }

    private String order(String customer, String sku, String card) {
        return "{\"orderId\": \"" + id + "\", \"customer\": \"" + customer + "\", \"items\": [{\"sku\": \"" + sku
                + "\", \"quantity\": 1}]" + (card.isEmpty() ? "" : ", \"card\": \"" + card + "\"") + "}";
    }

    private static void assertError(HttpResponse<String> answer, int status, String reason) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json(answer).path("error").stringValue()).contains(reason);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(URI.create(api.url() + path)).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(api.url() + path))
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
