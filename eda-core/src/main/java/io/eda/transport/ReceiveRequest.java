package io.eda.transport;

import java.util.Set;

/**
 * Who wants to receive what.
 *
 * @param group whose work it is: members of one group share the messages, every group gets all of them; 1 to 200 characters
 * @param types patterns of the types wanted, as {@link TypePattern} has them; all members of a group name the same
 * @param maxInFlight how many messages may be delivered and not settled at most
 * @param isOrdered whether messages of one key must come in their order; without, a transport may spread them over more members
 */
public record ReceiveRequest(String group, Set<TypePattern> types, int maxInFlight, boolean isOrdered) {

    /** Checks the limits and copies the patterns. */
    public ReceiveRequest {
        if (group.isBlank() || group.length() > 200) {
            throw new IllegalArgumentException(
                    "'" + group + "' cannot name a group: use 1 to 200 characters, such as 'inventory'");
        }
        types = Set.copyOf(types);
        if (types.isEmpty()) {
            throw new IllegalArgumentException("The group '" + group + "' wants no type: name one, such as 'order.*'");
        }
        if (maxInFlight < 1) {
            throw new IllegalArgumentException(
                    "The group '" + group + "' allows " + maxInFlight + " messages in flight: allow at least 1");
        }
    }

    /** Returns whether messages of {@code type} are wanted. */
    public boolean wants(String type) {
        for (TypePattern pattern : types) {
            if (pattern.matches(type)) {
                return true;
            }
        }
        return false;
    }
}
