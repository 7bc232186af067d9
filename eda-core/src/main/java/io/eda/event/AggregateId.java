package io.eda.event;

/**
 * The identity of one aggregate: its kind and its id within that kind, because an order and a customer may both be
 * number 42.
 *
 * @param type the kind of aggregate, such as {@code order}: lower-case letters, digits, {@code _} and {@code -},
 *     starting with a letter, up to 100 characters
 * @param id the id within the kind: 1 to 255 characters, none of them a control character
 */
public record AggregateId(String type, String id) implements Comparable<AggregateId> {

    /** The most characters that a kind may have. */
    public static final int MAX_TYPE_LENGTH = 100;

    /** The most characters that an id may have. */
    public static final int MAX_ID_LENGTH = 255;

    /** Checks both parts. */
    public AggregateId {
        if (!isValidType(type)) {
            throw new IllegalArgumentException("'" + Limits.shorten(type) + "' is not a kind of aggregate: use a"
                    + " lower-case noun of letters, digits, '_' and '-', up to " + MAX_TYPE_LENGTH
                    + " characters, such as 'order'");
        }
        Limits.requireText("The id of a '" + type + "' aggregate", id, MAX_ID_LENGTH);
    }

    /** Returns the identity of the aggregate {@code id} of the kind {@code type}. */
    public static AggregateId of(String type, String id) {
        return new AggregateId(type, id);
    }

    private static boolean isValidType(String type) {
        if (type.isEmpty() || type.length() > MAX_TYPE_LENGTH || !isLowerCaseLetter(type.charAt(0))) {
            return false;
        }
        for (int i = 1; i < type.length(); i++) {
            char c = type.charAt(i);
            if (!isLowerCaseLetter(c) && !(c >= '0' && c <= '9') && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLowerCaseLetter(char c) {
        return c >= 'a' && c <= 'z';
    }

    /** Orders by kind, then by id, both by code unit: the order in which batches lock aggregates. */
    @Override
    public int compareTo(AggregateId other) {
        int byType = type.compareTo(other.type);
        return byType != 0 ? byType : id.compareTo(other.id);
    }

    /** Returns {@code order/42}. */
    @Override
    public String toString() {
        return type + "/" + id;
    }
}
