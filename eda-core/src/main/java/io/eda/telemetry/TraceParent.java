package io.eda.telemetry;

import io.eda.event.Metadata;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The span that something was done in, as W3C's {@code traceparent} names it.
 *
 * @param traceId 32 hexadecimal digits, not all of them zero
 * @param spanId 16 hexadecimal digits, not all of them zero
 * @param isSampled whether its trace is recorded
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context</a>
 */
public record TraceParent(String traceId, String spanId, boolean isSampled) {

    /** A later version may append fields, and must not change these. */
    private static final Pattern TEXT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    private static final Pattern ZEROS = Pattern.compile("0+");

    /** Returns what {@code metadata} hold; empty where they hold none, or something else under its name. */
    public static Optional<TraceParent> in(Metadata metadata) {
        String text = metadata.asMap().get(Tracing.TRACEPARENT);
        return text == null ? Optional.empty() : parse(text);
    }

    /** Returns what {@code text} says, such as {@code 00-<trace>-<span>-01}; empty where it is nothing of the kind. */
    public static Optional<TraceParent> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches() || isZero(matcher.group(1)) || isZero(matcher.group(2))) {
            return Optional.empty();
        }
        boolean isSampled = (Integer.parseInt(matcher.group(3), 16) & 1) == 1;
        return Optional.of(new TraceParent(matcher.group(1), matcher.group(2), isSampled));
    }

    private static boolean isZero(String id) {
        return ZEROS.matcher(id).matches();
    }
}
