package io.eda.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.event.EventType;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/**
 * What was stored yesterday is read for ever. Where one of these fails after an upgrade, the upgrade is wrong, not the
 * file: the histories out there hold these bytes.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GoldenFilesTest {

    enum Channel {
        WEB,
        PHONE
    }

    record Item(String product, int quantity, BigDecimal price) {}

    record Address(String street, Optional<String> floor) {}

    record OrderPlaced(
            String customer,
            String unicode,
            String escapes,
            int items,
            long totalCents,
            boolean gift,
            double rate,
            double negativeZero,
            double notANumber,
            BigDecimal price,
            BigDecimal large,
            BigInteger huge,
            Instant placedAt,
            LocalDate deliverOn,
            OffsetDateTime calledAt,
            Duration window,
            UUID customerId,
            Channel channel,
            Address address,
            List<Item> lines,
            List<String> none,
            Map<String, Integer> stock,
            Map<Channel, String> notes,
            Optional<String> coupon,
            Optional<String> voucher,
            OptionalInt loyalty,
            String nothing) {}

    private final EventSerializer json = new JacksonEventSerializer(
            EventTypes.builder().add("order.placed", OrderPlaced.class).build());

    @Test
    void an_event_is_written_as_the_golden_bytes() throws IOException {
        assertThat(new String(json.serialize(orderPlaced()), StandardCharsets.UTF_8))
                .isEqualTo(golden("order-placed.json"));
    }

    @Test
    void the_golden_bytes_are_read_as_the_event() throws IOException {
        byte[] bytes = golden("order-placed.json").getBytes(StandardCharsets.UTF_8);

        assertThat(json.deserialize(Stored.as(EventType.of("order.placed"), bytes))
                        .get(0)
                        .data())
                .isEqualTo(orderPlaced());
    }

    @Test
    void equal_maps_give_equal_bytes_whatever_their_order() {
        record StockCounted(Map<String, Integer> stock) {}
        EventSerializer counts = new JacksonEventSerializer(
                EventTypes.builder().add("stock.counted", StockCounted.class).build());
        Map<String, Integer> backwards = new LinkedHashMap<>();
        backwards.put("z", 1);
        backwards.put("a", 2);

        assertThat(counts.serialize(new StockCounted(backwards)))
                .isEqualTo("{\"stock\":{\"a\":2,\"z\":1}}".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void every_feature_of_jackson_is_set_as_the_golden_list_says_and_none_is_new() throws IOException {
        assertThat(JsonFeatures.of(JsonFormat.mapper(1_000))).isEqualTo(golden("jackson-features.txt"));
    }

    private static OrderPlaced orderPlaced() {
        Map<String, Integer> stock = new LinkedHashMap<>();
        stock.put("tea", 7);
        stock.put("mug", 0);
        stock.put("Äpfel", 3);
        return new OrderPlaced(
                "Ada Lovelace",
                "Zoë 注文 🛒 \u2028",
                "quote \" slash / backslash \\ tab \t nul \0",
                3,
                Long.MAX_VALUE,
                true,
                0.1,
                -0.0,
                Double.NaN,
                new BigDecimal("19.90"),
                new BigDecimal("1E+5"),
                new BigInteger("123456789012345678901234567890"),
                Instant.parse("2026-03-01T10:00:00.123456789Z"),
                LocalDate.of(2026, 3, 5),
                OffsetDateTime.parse("2026-03-01T11:00:00+01:00"),
                Duration.ofHours(25).plusNanos(5),
                UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"),
                Channel.PHONE,
                new Address("12 St James's Square", Optional.of("2nd")),
                List.of(new Item("tea", 2, new BigDecimal("4.950")), new Item("mug", 1, new BigDecimal("10"))),
                List.of(),
                stock,
                Map.of(Channel.PHONE, "call back", Channel.WEB, "-"),
                Optional.of("SPRING"),
                Optional.empty(),
                OptionalInt.of(4),
                null);
    }

    private static String golden(String name) throws IOException {
        try (InputStream file = GoldenFilesTest.class.getResourceAsStream("/golden/" + name)) {
            assertThat(file).as("golden file %s", name).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
