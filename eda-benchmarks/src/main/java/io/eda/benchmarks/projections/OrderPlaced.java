package io.eda.benchmarks.projections;

import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import tools.jackson.databind.json.JsonMapper;

/** The fact that everybody decodes, with the same JSON library. */
record OrderPlaced(String customer, long totalCents, String note) {

    static final JacksonEventSerializer SERIALIZER = new JacksonEventSerializer(
            EventTypes.builder().add(Stage.TYPE, OrderPlaced.class).build());

    private static final JsonMapper JSON = JsonMapper.shared();

    static OrderPlaced decode(byte[] data) {
        return JSON.readValue(data, OrderPlaced.class);
    }

    static byte[] encoded(long cents) {
        return JSON.writeValueAsBytes(new OrderPlaced("c-1", cents, "x".repeat(200)));
    }
}
