package io.eda.samples.orders.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What is sent back. The bytes are nobody else's. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Reply(int status, String contentType, byte[] body) {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    static Reply json(int status, Object value) {
        return text(status, "application/json", JSON.writeValueAsString(value) + "\n");
    }

    static Reply html(String page) {
        return text(200, "text/html; charset=utf-8", page);
    }

    static Reply error(int status, String reason) {
        return json(status, Map.of("error", reason));
    }

    private static Reply text(int status, String contentType, String text) {
        return new Reply(status, contentType, text.getBytes(StandardCharsets.UTF_8));
    }
}
