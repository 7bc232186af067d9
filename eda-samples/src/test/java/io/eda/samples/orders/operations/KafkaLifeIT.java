package io.eda.samples.orders.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.broker.kafka.KafkaOptions;
import io.eda.broker.kafka.KafkaTopics;
import io.eda.broker.kafka.KafkaTransport;
import io.eda.bus.EventBus;
import io.eda.bus.SubscriptionOptions;
import io.eda.event.Event;
import io.eda.observation.EventLifecycle;
import io.eda.observation.LifecycleLimits;
import io.eda.observation.Outcome;
import io.eda.samples.orders.Messaging;
import io.eda.samples.orders.OrderSystem;
import io.eda.samples.orders.TestDatabase;
import io.eda.samples.orders.events.DomainEvents;
import io.eda.samples.orders.http.HttpApi;
import io.eda.samples.orders.order.Order;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.postgres.PostgresOptions;
import io.eda.testkit.servers.RealServers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of an order over Kafka, whose offsets tell what groups without deduplication have passed. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(240)
class KafkaLifeIT {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final String prefix = "life-" + UUID.randomUUID() + ".";

    @Test
    void the_story_of_an_order_tells_what_each_group_has_passed_by_its_offset() throws Exception {
        try (HikariDataSource database = TestDatabase.open();
                OrderSystem system =
                        OrderSystem.start(database, PostgresOptions.defaults(), Messaging.over(transport()));
                HttpApi api = HttpApi.start(system, 0)) {
            UUID created = order(system, api);
            // The offset is committed a moment after the event was handled.
            SmallSystem.await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(story(api, created))
                    .containsPattern("The group 'notification' has handled it: it stands at offset \\d+ of " + prefix)
                    .containsPattern("The group 'inventory' has handled it: it stands at offset \\d+ of " + prefix)
                    .doesNotContain("not known", "not handled it yet"));
        }
    }

    @Test
    void what_a_group_has_not_passed_yet_waits_and_its_story_says_behind_how_many() throws Exception {
        var options = SubscriptionOptions.forGroup("slow-" + UUID.randomUUID()).withTypes("order.*");
        CountDownLatch isHeld = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        try (HikariDataSource database = TestDatabase.open();
                var others = new EventBus(transport(), new JacksonEventSerializer(DomainEvents.TYPES));
                var subscription = others.subscribe(options, event -> {
                    isHeld.countDown();
                    mayGoOn.await();
                });
                OrderSystem system =
                        OrderSystem.start(database, PostgresOptions.defaults(), Messaging.over(transport()));
                HttpApi api = HttpApi.start(system, 0)) {
            UUID created = order(system, api);
            EventLifecycle lifecycle = EventLifecycle.builder(system.store().storage())
                    .group(others, options, subscription)
                    .limits(LifecycleLimits.defaults().withTimeout(Duration.ofSeconds(60)))
                    .build();
            isHeld.await();
            assertThat(outcome(lifecycle, created))
                    .isInstanceOfSatisfying(Outcome.NotYet.class, notYet -> assertThat(notYet.where())
                            .contains("it stands at offset 0 of " + prefix, "with nothing before it"));
            mayGoOn.countDown();
            SmallSystem.await()
                    .untilAsserted(() -> assertThat(outcome(lifecycle, created)).isInstanceOf(Outcome.Passed.class));
        }
    }

    private KafkaTransport transport() {
        return KafkaTransport.connect(
                KafkaOptions.of(Map.of("bootstrap.servers", RealServers.kafka().bootstrapServers()))
                        .withTopics(KafkaTopics.defaults()
                                .withPrefix(prefix)
                                .withPartitions(1)
                                .withDiscovery(Duration.ofMillis(500))));
    }

    private static UUID order(OrderSystem system, HttpApi api) throws Exception {
        String id = "order-" + UUID.randomUUID();
        String order = "{\"orderId\": \"" + id + "\", \"customer\": \"ada\","
                + " \"items\": [{\"sku\": \"mug\", \"quantity\": 1}], \"card\": \"tok-visa\"}";
        var answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create(api.url() + "/orders"))
                        .POST(BodyPublishers.ofString(order))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isIn(201, 202);
        Event<?> created = system.store().getEvents(Order.AGGREGATE.id(id)).get(0);
        return created.eventId();
    }

    private static String story(HttpApi api, UUID event) throws Exception {
        return CLIENT.send(
                        HttpRequest.newBuilder(URI.create(api.url() + "/events/" + event + "/life?as=text"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static Outcome outcome(EventLifecycle lifecycle, UUID event) {
        return lifecycle
                .of(event)
                .orElseThrow()
                .events()
                .get(0)
                .passages()
                .get(0)
                .outcome();
    }
}
