package io.eda.serialization;

import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** The fields of one JSON object, without its nested ones, and its {@code data} as the bytes that stand there. */
final class JsonFields {

    private static final String DATA = "data";
    private static final String DATA_BASE64 = "data_base64";

    private final Map<String, String> texts = new HashMap<>();
    private byte @Nullable [] data;

    private JsonFields() {}

    /** Reads {@code bytes}; refuses what is no JSON object, and nothing else. */
    static JsonFields read(JsonMapper json, byte[] bytes) {
        JsonFields fields = new JsonFields();
        try (JsonParser in = json.createParser(bytes)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("it is no JSON object");
            }
            for (String name = in.nextName(); name != null; name = in.nextName()) {
                fields.readValue(json, bytes, in, name);
            }
            if (in.nextToken() != null) {
                throw new IllegalArgumentException("there is more behind its JSON object");
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("it is no JSON: " + e.getOriginalMessage(), e);
        }
        return fields;
    }

    private void readValue(JsonMapper json, byte[] bytes, JsonParser in, String name) {
        JsonToken token = in.nextToken();
        if (name.equals(DATA)) {
            data = slice(json, bytes, in, token);
        } else if (token.isStructStart()) {
            in.skipChildren();
        } else if (token != JsonToken.VALUE_NULL) {
            texts.put(name, in.getString());
        }
    }

    // The bytes as they are, so that nothing is written anew. A scalar's end is not told exactly, and is small.
    private static byte[] slice(JsonMapper json, byte[] bytes, JsonParser in, JsonToken token) {
        if (!token.isStructStart()) {
            return json.writeValueAsBytes(json.readTree(in));
        }
        int start = (int) in.currentTokenLocation().getByteOffset();
        in.skipChildren();
        return Arrays.copyOfRange(bytes, start, (int) in.currentLocation().getByteOffset());
    }

    Map<String, String> texts() {
        return texts;
    }

    Optional<String> find(String name) {
        return Optional.ofNullable(texts.get(name));
    }

    String text(String name, String otherwise) {
        return texts.getOrDefault(name, otherwise);
    }

    String text(String name) {
        String value = texts.get(name);
        if (value == null) {
            throw new IllegalArgumentException("it has no '" + name + "'");
        }
        return value;
    }

    byte[] data() {
        if (data != null) {
            return data;
        }
        return Base64.getDecoder()
                .decode(find(DATA_BASE64)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "it has neither '" + DATA + "' nor '" + DATA_BASE64 + "'")));
    }
}
