package io.eda.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class UpcastingTest {

    private static final EventType ITEM_ADDED = EventType.of("item.added");

    record UserCreated(String firstName, String lastName) {}

    record OrderCreated(String customer) {}

    record ItemAdded(String product, int quantity) {}

    record PriceSet(long amountCents, String currency) {}

    @Test
    void an_upcaster_that_throws_makes_the_event_malformed_and_keeps_the_cause() {
        EventSerializer json = users(data -> {
            throw new IllegalStateException("no name");
        });

        assertThatExceptionOfType(EventDeserializationException.Malformed.class)
                .isThrownBy(() -> json.deserialize(Stored.as("user.created", "{}")))
                .withMessageEndingWith("the upcaster from 'user.created' failed on its data:"
                        + " java.lang.IllegalStateException: no name")
                .withCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void an_upcaster_that_returns_a_type_it_did_not_declare_is_told() {
        EventSerializer json = splitting(data -> List.of(new UpcastEvent(EventType.of("price.set"), data)));

        assertThatExceptionOfType(EventDeserializationException.Malformed.class)
                .isThrownBy(() -> json.deserialize(Stored.as("order.placed", "{}")))
                .withMessageContaining(
                        "the upcaster from 'order.placed' returned 'price.set', but was declared to return")
                .withMessageContaining("item.added");
    }

    @Test
    void an_upcaster_that_returns_null_is_told() {
        for (EventUpcaster broken : List.<EventUpcaster>of(
                data -> null,
                data -> Collections.singletonList(null),
                data -> List.of(new UpcastEvent(ITEM_ADDED, null)))) {
            assertThatExceptionOfType(EventDeserializationException.Malformed.class)
                    .isThrownBy(() -> splitting(broken).deserialize(Stored.as("order.placed", "{}")))
                    .withMessageContaining("the upcaster from 'order.placed' failed on its data");
        }
    }

    @Test
    void an_upcast_that_does_not_fit_the_class_is_malformed() {
        EventSerializer json = users(data -> data.put("firstName", true));

        assertThatExceptionOfType(EventDeserializationException.Malformed.class)
                .isThrownBy(() -> json.deserialize(Stored.as("user.created", "{}")))
                .withMessageContaining("Cannot coerce Boolean value");
    }

    @Test
    void old_data_that_are_no_object_are_malformed() {
        EventSerializer json = users(data -> data);

        for (String data : new String[] {"[]", "null", "\"Ada\"", "1", ""}) {
            assertThatExceptionOfType(EventDeserializationException.Malformed.class)
                    .isThrownBy(() -> json.deserialize(Stored.as("user.created", data)))
                    .withMessageEndingWith("its data are not a JSON object");
        }
    }

    @Test
    void broken_old_data_are_malformed_before_an_upcaster_sees_them() {
        EventSerializer json = users(data -> {
            throw new AssertionError("an upcaster saw broken data");
        });

        for (String data : new String[] {"{", "{} {}", "{\"name\":\"a\",\"name\":\"b\"}"}) {
            assertThatExceptionOfType(EventDeserializationException.Malformed.class)
                    .isThrownBy(() -> json.deserialize(Stored.as("user.created", data)))
                    .withMessageContaining("its data are not the JSON of an older version");
        }
    }

    @Test
    void the_name_of_a_user_becomes_first_and_last_name() {
        EventSerializer json = users(data -> {
            String[] names = data.get("name").stringValue().split(" ", 2);
            data.remove("name");
            return data.put("firstName", names[0]).put("lastName", names[1]);
        });
        EventRecord stored = Stored.as("user.created", "{\"name\":\"Ada Lovelace\"}");

        assertThat(json.deserialize(stored))
                .isEqualTo(
                        List.of(stored.withData(EventType.of("user.created", 2), new UserCreated("Ada", "Lovelace"))));
    }

    @Test
    void steps_are_chained_from_whatever_version_was_stored() {
        EventSerializer json = new JacksonEventSerializer(EventTypes.builder()
                .add("price.set", 3, PriceSet.class, upcast -> upcast.from(
                                1,
                                data -> data.put(
                                        "amountCents", data.get("euros").longValue() * 100))
                        .from(2, data -> data.put("currency", "EUR")))
                .build());

        assertThat(data(json, Stored.as("price.set", 1, "{\"euros\":7}"))).containsExactly(new PriceSet(700, "EUR"));
        assertThat(data(json, Stored.as("price.set", 2, "{\"amountCents\":650}")))
                .containsExactly(new PriceSet(650, "EUR"));
        assertThat(data(json, Stored.as("price.set", 3, "{\"amountCents\":1,\"currency\":\"USD\"}")))
                .containsExactly(new PriceSet(1, "USD"));
    }

    @Test
    void an_event_can_be_renamed() {
        EventSerializer json = new JacksonEventSerializer(EventTypes.builder()
                .add("order.created", OrderCreated.class)
                .upcast(EventType.of("PurchaseMade"), EventType.of("order.created"), data -> data)
                .build());

        Event<?> event = json.deserialize(Stored.as("PurchaseMade", "{\"customer\":\"ada\"}"))
                .get(0);

        assertThat(event.eventType()).isEqualTo(EventType.of("order.created"));
        assertThat(event.data()).isEqualTo(new OrderCreated("ada"));
    }

    @Test
    void an_event_can_become_several_one_per_element_and_all_keep_its_envelope_but_the_later_ids() {
        EventSerializer json = splitting(UpcastingTest::orderAndItems);
        EventRecord stored = Stored.as(
                "order.placed",
                "{\"customer\":\"ada\",\"items\":[{\"product\":\"tea\",\"quantity\":2},{\"product\":\"mug\",\"quantity\":1}]}");

        assertThat(json.deserialize(stored))
                .isEqualTo(List.of(
                        stored.withData(EventType.of("order.created"), new OrderCreated("ada")),
                        stored.part(1).withData(ITEM_ADDED, new ItemAdded("tea", 2)),
                        stored.part(2).withData(ITEM_ADDED, new ItemAdded("mug", 1))));
    }

    @Test
    void the_ids_of_the_parts_differ_and_are_the_same_at_every_reading() {
        EventSerializer json = splitting(UpcastingTest::orderAndItems);
        EventRecord stored =
                Stored.as("order.placed", "{\"customer\":\"ada\",\"items\":[{\"product\":\"tea\",\"quantity\":2}]}");

        List<Event<?>> once = json.deserialize(stored);
        assertThat(once).extracting(Event::eventId).doesNotHaveDuplicates().startsWith(stored.eventId());
        assertThat(json.deserialize(stored)).isEqualTo(once);
    }

    @Test
    void an_event_can_become_none() {
        assertThat(splitting(data -> List.of()).deserialize(Stored.as("order.placed", "{}")))
                .isEmpty();
    }

    @Test
    void numbers_pass_through_the_tree_without_loss() {
        record MoneyMoved(BigDecimal amount, BigInteger number, double rate) {}
        EventSerializer json = new JacksonEventSerializer(EventTypes.builder()
                .add("money.moved", 2, MoneyMoved.class, upcast -> upcast.from(1, data -> data))
                .build());

        assertThat(data(
                        json,
                        Stored.as("money.moved", "{\"amount\":0.10,\"number\":12345678901234567890,\"rate\":0.1}")))
                .containsExactly(new MoneyMoved(new BigDecimal("0.10"), new BigInteger("12345678901234567890"), 0.1));
    }

    private static List<UpcastEvent> orderAndItems(ObjectNode placed) {
        JsonNode items = placed.remove("items");
        List<UpcastEvent> events = new ArrayList<>();
        events.add(new UpcastEvent(EventType.of("order.created"), placed));
        items.forEach(item -> events.add(new UpcastEvent(ITEM_ADDED, (ObjectNode) item)));
        return events;
    }

    private static EventSerializer users(UnaryOperator<ObjectNode> fromVersion1) {
        return new JacksonEventSerializer(EventTypes.builder()
                .add("user.created", 2, UserCreated.class, upcast -> upcast.from(1, fromVersion1))
                .build());
    }

    private static EventSerializer splitting(EventUpcaster upcaster) {
        return new JacksonEventSerializer(EventTypes.builder()
                .add("order.created", OrderCreated.class)
                .add("item.added", ItemAdded.class)
                .upcast(EventType.of("order.placed"), Set.of(EventType.of("order.created"), ITEM_ADDED), upcaster)
                .build());
    }

    private static List<Object> data(EventSerializer json, EventRecord stored) {
        return json.deserialize(stored).stream().<Object>map(Event::data).toList();
    }
}
