package io.eda.transport;

import java.util.regex.Pattern;

/**
 * A pattern of event types, word by word as in AMQP's topic exchanges: {@code *} stands for one word, {@code #} for any
 * number of words, also none. {@code order.*} matches {@code order.created}, not {@code order.item.added}.
 *
 * @param pattern words of letters, digits, {@code _} and {@code -}, {@code *} or {@code #}, separated by dots; up to 200
 *     characters
 */
public record TypePattern(String pattern) {

    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_-]+|\\*|#)(\\.([A-Za-z0-9_-]+|\\*|#))*");
    private static final String EVERYTHING = "#";

    /** Checks the form. */
    public TypePattern {
        if (pattern.length() > 200 || !FORM.matcher(pattern).matches()) {
            throw new IllegalArgumentException(
                    "'" + pattern + "' is no pattern of event types: write words separated by"
                            + " dots, '*' for any one word and '#' for any number of them, such as 'order.*'");
        }
    }

    /** Returns the pattern that every type matches. */
    public static TypePattern everything() {
        return new TypePattern(EVERYTHING);
    }

    /** Returns whether {@code type} matches. */
    public boolean matches(String type) {
        return pattern.equals(EVERYTHING) || pattern.equals(type) || matches(0, type, 0);
    }

    // Both indexes stand at the start of a word, or one behind the end where no word is left.
    private boolean matches(int p, String type, int t) {
        boolean patternEnds = p > pattern.length();
        boolean typeEnds = t > type.length();
        if (patternEnds) {
            return typeEnds;
        }
        int pEnd = endOfWord(pattern, p);
        if (pattern.startsWith("#", p)) {
            return matches(pEnd + 1, type, t) || (!typeEnds && matches(p, type, endOfWord(type, t) + 1));
        }
        if (typeEnds) {
            return false;
        }
        int tEnd = endOfWord(type, t);
        boolean isSame =
                pattern.startsWith("*", p) || (pEnd - p == tEnd - t && pattern.regionMatches(p, type, t, pEnd - p));
        return isSame && matches(pEnd + 1, type, tEnd + 1);
    }

    private static int endOfWord(String text, int start) {
        int dot = text.indexOf('.', start);
        return dot < 0 ? text.length() : dot;
    }

    @Override
    public String toString() {
        return pattern;
    }
}
