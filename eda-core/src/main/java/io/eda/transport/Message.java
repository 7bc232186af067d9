package io.eda.transport;

import java.util.Map;
import java.util.Objects;

/**
 * What a broker carries. The array is not copied by this record; a transport that keeps it beyond {@code publish} copies
 * it.
 *
 * @param id the message's own id, the same when it is published again
 * @param topic the kind of aggregate that it is about, such as {@code order}: a transport with topics has one for each
 * @param type the name of the event's type, such as {@code order.created}: what subscriptions choose by
 * @param key what keeps its order: messages of one topic and key are received one after the other, as they were published
 * @param headers small texts beside the body
 * @param body the content, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; copied by the transports that must.
public record Message(String id, String topic, String type, String key, Map<String, String> headers, byte[] body) {

    /** Checks that nothing is missing and copies the headers, unless they are {@link EncodedHeaders}, which never change. */
    public Message {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(key, "key");
        headers = headers instanceof EncodedHeaders ? headers : Map.copyOf(headers);
        Objects.requireNonNull(body, "body");
    }

    /** Returns the same with a copy of its body, for whoever keeps it beyond the call that brought it. */
    public Message copy() {
        return new Message(id, topic, type, key, headers, body.clone());
    }

    /** Tells which message this is, without its headers and body. */
    @Override
    public String toString() {
        return type + " " + topic + "/" + key + " [" + id + ", " + body.length + " bytes]";
    }
}
