package io.eda.parking;

/**
 * What is parked: the messages of one key, for one group.
 *
 * @param group whose work it is
 * @param topic the kind of aggregate
 * @param key the aggregate
 */
public record ParkedKey(String group, String topic, String key) {

    /** Returns {@code group: topic/key}. */
    @Override
    public String toString() {
        return group + ": " + topic + "/" + key;
    }
}
