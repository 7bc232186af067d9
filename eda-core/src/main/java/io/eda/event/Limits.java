package io.eda.event;

/** The checks that the parts of an envelope share. */
final class Limits {

    private static final int SHOWN = 60;

    private Limits() {}

    static String requireText(String what, String value, int maxLength) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(what + " is blank: give it at least one visible character");
        }
        if (value.length() > maxLength) {
            throw new IllegalArgumentException(what + " has " + value.length() + " characters, the limit is "
                    + maxLength + ": '" + shorten(value) + "'");
        }
        requirePrintable(what, value);
        return value;
    }

    /** Refuses what a header, a log line or a PostgreSQL text cannot carry. */
    static void requirePrintable(String what, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= ' ' && c <= '~') {
                // Almost every character there is, of every event that is read: worth not asking twice.
                continue;
            }
            if (Character.isISOControl(c)) {
                throw new IllegalArgumentException(what + " holds the control character 0x" + Integer.toHexString(c)
                        + " at index " + i + ": remove it");
            }
            if (isUnpairedSurrogate(value, i)) {
                throw new IllegalArgumentException(
                        what + " holds half of a surrogate pair at index " + i + ": it is not valid Unicode");
            }
        }
    }

    private static boolean isUnpairedSurrogate(String value, int i) {
        char c = value.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)));
    }

    static String shorten(String value) {
        return value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
    }
}
