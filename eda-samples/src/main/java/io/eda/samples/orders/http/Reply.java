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

    static Reply plain(String text) {
        return text(200, "text/plain; charset=utf-8", text);
    }

    /** In the form that Prometheus scrapes. */
    static Reply prometheus(String scraped) {
        return text(200, "text/plain; version=0.0.4; charset=utf-8", scraped);
    }

    static Reply error(int status, String reason) {
        return json(status, Map.of("error", reason));
    }

    private static Reply text(int status, String contentType, String text) {
        return new Reply(status, contentType, text.getBytes(StandardCharsets.UTF_8));
    }
}
