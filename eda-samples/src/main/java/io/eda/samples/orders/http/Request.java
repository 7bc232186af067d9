package io.eda.samples.orders.http;

import com.sun.net.httpserver.HttpExchange;
import io.eda.event.Metadata;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is asked.
 *
 * @param exchange the exchange it belongs to
 * @param id the id that the path names, or an empty text
 */
record Request(HttpExchange exchange, String id) {

    private static final int MAX_BODY_BYTES = 64 << 10;
    private static final Pattern AMPERSAND = Pattern.compile("&");
    private static final String TRACEPARENT = "traceparent";
    private static final Pattern PARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    byte[] body() throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            throw new TooLargeException();
        }
        return body;
    }

    Optional<String> parameter(String name) {
        String query = exchange.getRequestURI().getRawQuery();
        if (query == null) {
            return Optional.empty();
        }
        return AMPERSAND
                .splitAsStream(query)
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
                .findFirst();
    }

    /** The context of the caller's trace, as W3C writes it; nothing where there is none, or none that is well-formed. */
    Metadata trace() {
        String parent = exchange.getRequestHeaders().getFirst(TRACEPARENT);
        return parent != null && PARENT.matcher(parent).matches() ? Metadata.of(TRACEPARENT, parent) : Metadata.empty();
    }

    static final class TooLargeException extends RuntimeException {

        static final String REASON = "the body is over " + MAX_BODY_BYTES + " bytes: an order is smaller than that";

        private TooLargeException() {
            super(REASON);
        }
    }
}
