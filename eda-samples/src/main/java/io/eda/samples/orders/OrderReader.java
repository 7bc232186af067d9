package io.eda.samples.orders;

import io.eda.samples.orders.events.Item;
import io.eda.samples.orders.inventory.Products;
import io.eda.samples.orders.inventory.Products.Product;
import io.eda.samples.orders.order.OrderCommand.PlaceOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads orders as people write them: {@code {"orderId": "A-1", "customer": "ada", "items": [{"sku": "mug", "quantity": 2}],
 * "card": "tok-visa"}}. Whatever is wrong is an {@link InvalidOrderException} that says what.
 */
public final class OrderReader {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Pattern ORDER_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern CARD = Pattern.compile("tok-[a-z0-9-]{1,40}");
    private static final int MAX_CUSTOMER_LENGTH = 200;

    private OrderReader() {}

    /** Returns the order in {@code json}; where it has no id, {@code missingId} makes one or refuses. */
    public static PlaceOrder order(byte[] json, Supplier<String> missingId) {
        JsonNode order = object(json, "an order", Set.of("orderId", "customer", "items", "card"));
        String orderId = order.has("orderId") ? text(order, "orderId") : missingId.get();
        if (!ORDER_ID.matcher(orderId).matches()) {
            throw new InvalidOrderException("orderId must be 1 to 64 letters, digits, '.', '_' or '-'");
        }
        String customer = text(order, "customer");
        if (customer.isBlank() || customer.length() > MAX_CUSTOMER_LENGTH || !isPlainText(customer)) {
            throw new InvalidOrderException("customer must be 1 to " + MAX_CUSTOMER_LENGTH + " visible characters");
        }
        Optional<String> card = order.has("card") ? Optional.of(card(order)) : Optional.empty();
        return new PlaceOrder(orderId, customer, items(order), card);
    }

    /** Returns the card in {@code {"card": "tok-visa"}}. */
    public static String payment(byte[] json) {
        return card(object(json, "a payment", Set.of("card")));
    }

    private static JsonNode object(byte[] json, String what, Set<String> known) {
        JsonNode node;
        try {
            node = JSON.readTree(json);
        } catch (JacksonException e) {
            throw new InvalidOrderException("this is not JSON: " + e.getOriginalMessage());
        }
        return checked(node, what, known);
    }

    private static JsonNode checked(JsonNode node, String what, Set<String> known) {
        if (!node.isObject()) {
            throw new InvalidOrderException(what + " is a JSON object with " + new TreeSet<>(known));
        }
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                throw new InvalidOrderException(
                        "'" + shorten(name) + "' is no field of " + what + "; the fields are " + new TreeSet<>(known));
            }
        }
        return node;
    }

    private static List<Item> items(JsonNode order) {
        JsonNode lines = order.path("items");
        if (!lines.isArray() || lines.isEmpty()) {
            throw new InvalidOrderException("items must be a list of at least one {\"sku\": …, \"quantity\": …}");
        }
        List<Item> items = new ArrayList<>();
        for (JsonNode line : lines) {
            Item item = item(checked(line, "an item", Set.of("sku", "quantity")));
            if (items.stream().anyMatch(other -> other.sku().equals(item.sku()))) {
                throw new InvalidOrderException("'" + item.sku() + "' stands in two items: add the quantities up");
            }
            items.add(item);
        }
        return items;
    }

    private static Item item(JsonNode line) {
        String sku = text(line, "sku");
        Product product = Products.find(sku)
                .orElseThrow(() -> new InvalidOrderException("there is no product '" + shorten(sku)
                        + "'; there are "
                        + Products.all().stream().map(Product::sku).toList()));
        return new Item(sku, quantity(line.path("quantity"), sku), product.priceCents());
    }

    private static int quantity(JsonNode quantity, String sku) {
        boolean isNumber = quantity.isIntegralNumber() && quantity.canConvertToInt();
        if (!isNumber || quantity.intValue() < 1 || quantity.intValue() > Item.MAX_QUANTITY) {
            throw new InvalidOrderException("the quantity of '" + sku + "' must be a whole number from 1 to "
                    + Item.MAX_QUANTITY + ", and is "
                    + (quantity.isMissingNode() ? "missing" : shorten(quantity.toString())));
        }
        return quantity.intValue();
    }

    private static String card(JsonNode order) {
        String card = text(order, "card");
        if (!CARD.matcher(card).matches()) {
            // Not repeated: people paste card numbers, and messages are written down.
            throw new InvalidOrderException("card must be a token such as 'tok-visa', never the number of a card;"
                    + " 'tok-declined' is one that is declined");
        }
        return card;
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isString()) {
            throw new InvalidOrderException(field + (value.isMissingNode() ? " is missing" : " must be a text"));
        }
        return value.stringValue();
    }

    private static boolean isPlainText(String text) {
        return text.chars().noneMatch(Character::isISOControl)
                && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
