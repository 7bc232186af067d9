package io.eda.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.samples.orders.events.Item;
import io.eda.samples.orders.order.OrderCommand.PlaceOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OrderReaderTest {

    @ParameterizedTest(name = "{1}: {0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {"orderId": "1"                                                                       | this is not JSON
            {} {}                                                                                 | this is not JSON
            {"customer": "a", "customer": "b"}                                                    | this is not JSON
            [1]                                                                                   | an order is a JSON object
            null                                                                                  | an order is a JSON object
            {"orderId": "1", "items": [{"sku": "mug", "quantity": 1}]}                            | customer is missing
            {"orderId": "1", "customer": 7, "items": [{"sku": "mug", "quantity": 1}]}             | customer must be a text
            {"orderId": "1", "customer": " ", "items": [{"sku": "mug", "quantity": 1}]}           | customer must be 1 to 200
            {"orderId": "1", "customer": "a\\u0000", "items": [{"sku": "mug", "quantity": 1}]}     | customer must be 1 to 200
            {"orderId": "1", "customer": "\\ud800", "items": [{"sku": "mug", "quantity": 1}]}      | customer must be 1 to 200
            {"orderId": "1/2", "customer": "a", "items": [{"sku": "mug", "quantity": 1}]}         | orderId must be 1 to 64
            {"orderId": null, "customer": "a", "items": [{"sku": "mug", "quantity": 1}]}          | orderId must be a text
            {"orderId": "1", "customer": "a"}                                                     | items must be a list
            {"orderId": "1", "customer": "a", "items": []}                                        | items must be a list
            {"orderId": "1", "customer": "a", "items": [7]}                                       | an item is a JSON object
            {"orderId": "1", "customer": "a", "items": [{"quantity": 1}]}                         | sku is missing
            {"orderId": "1", "customer": "a", "items": [{"sku": "unicorn", "quantity": 1}]}       | there is no product 'unicorn'; there are [mug
            {"orderId": "1", "customer": "a", "items": [{"sku": "mug"}]}                          | the quantity of 'mug' must be a whole number from 1 to 1000, and is missing
            {"orderId": "1", "customer": "a", "items": [{"sku": "mug", "quantity": -1}]}          | and is -1
            {"orderId": "1", "customer": "a", "items": [{"sku": "mug", "quantity": 0}]}           | and is 0
            {"orderId": "1", "customer": "a", "items": [{"sku": "mug", "quantity": 1001}]}        | and is 1001
            {"orderId": "1", "customer": "a", "items": [{"sku": "mug", "quantity": 99999999999}]} | and is 99999999999
            {"orderId": "1", "customer": "a", "items": [{"sku": "mug", "quantity": 1.5}]}         | and is 1.5
            {"orderId": "1", "customer": "a", "items": [{"sku": "mug", "quantity": "1"}]}         | and is "1"
            {"orderId": "1", "customer": "a", "items": [{"sku": "mug", "quantity": 1, "x": 1}]}   | 'x' is no field of an item
            {"orderId": "1", "customer": "a", "items": [{"sku": "mug", "quantity": 1}, {"sku": "mug", "quantity": 2}]} | 'mug' stands in two items
            {"orderId": "1", "customer": "a", "items": [{"sku": "mug", "quantity": 1}], "qty": 2} | 'qty' is no field of an order
            {"orderId": "1", "customer": "a", "items": [{"sku": "mug", "quantity": 1}], "card": "4111"} | card must be a token
            """)
    void what_is_no_order_is_refused_with_the_reason(String json, String reason) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(InvalidOrderException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void the_number_of_a_card_is_not_repeated() {
        assertThatThrownBy(() ->
                        OrderReader.payment("{\"card\": \"4111 1111 1111 1111\"}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(InvalidOrderException.class)
                .hasMessageNotContaining("4111");
    }

    @Test
    void an_order_is_read_with_the_prices_of_today() {
        PlaceOrder order = read("{\"orderId\": \"A-1\", \"customer\": \"Ådá\", \"card\": \"tok-visa\","
                + " \"items\": [{\"sku\": \"mug\", \"quantity\": 2}, {\"sku\": \"print\", \"quantity\": 1}]}");
        assertThat(order)
                .isEqualTo(new PlaceOrder(
                        "A-1",
                        "Ådá",
                        List.of(new Item("mug", 2, 12_00), new Item("print", 1, 250_00)),
                        Optional.of("tok-visa")));
    }

    @Test
    void an_order_without_an_id_gets_one() {
        PlaceOrder order = OrderReader.order(
                "{\"customer\": \"ada\", \"items\": [{\"sku\": \"mug\", \"quantity\": 2}]}"
                        .getBytes(StandardCharsets.UTF_8),
                () -> "made-up");
        assertThat(order.orderId()).isEqualTo("made-up");
        assertThat(order.card()).isEmpty();
    }

    private static PlaceOrder read(String json) {
        return OrderReader.order(json.getBytes(StandardCharsets.UTF_8), () -> "none");
    }
}
