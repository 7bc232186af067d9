package io.eda.bus;

import io.eda.transport.Delivery;
import io.eda.transport.Message;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters as messages: the original as it came, with headers that tell why. The letter has an id of its own, so that forgetting
 * it when it was replayed cannot take away the letter that the replay itself has led to.
 */
final class Letters {

    private static final String PREFIX = "eda-dead-";
    private static final String ID = PREFIX + "id";
    private static final String REASON = PREFIX + "reason";
    private static final String EXCEPTION = PREFIX + "exception";
    private static final String TEXT = PREFIX + "message";
    private static final String GROUP = PREFIX + "group";
    private static final String POSITION = PREFIX + "position";
    private static final String ATTEMPTS = PREFIX + "attempts";
    private static final String FIRST = PREFIX + "first";
    private static final String LAST = PREFIX + "last";

    /** Brokers limit all headers together, and a client frame holds them all. */
    private static final int MAX_TEXT = 500;

    private static final int MAX_NAME = 200;

    private Letters() {}

    /** Returns the dead letter of {@code delivery}. */
    static Message write(String group, Delivery delivery, DeadLetter.Reason reason, Failures failures) {
        String original = delivery.message().id();
        String id = original + "." + UUID.randomUUID().toString().substring(0, 8);
        return write(id, group, delivery, reason, failures);
    }

    /** Returns the parked form of {@code delivery}, under its own id: parked again, because it came again, it is the same. */
    static Message park(String group, Delivery delivery, DeadLetter.Reason reason, Failures failures) {
        return write(delivery.message().id(), group, delivery, reason, failures);
    }

    private static Message write(
            String id, String group, Delivery delivery, DeadLetter.Reason reason, Failures failures) {
        Message original = delivery.message();
        Map<String, String> headers = new HashMap<>(original.headers());
        headers.put(ID, original.id());
        headers.put(REASON, reason.name());
        headers.put(EXCEPTION, bounded(failures.latest().getClass().getName(), MAX_NAME));
        headers.put(TEXT, bounded(textOf(failures.latest()), MAX_TEXT));
        headers.put(GROUP, group);
        headers.put(POSITION, bounded(delivery.position(), MAX_TEXT));
        headers.put(ATTEMPTS, Integer.toString(failures.count()));
        headers.put(FIRST, failures.first().toString());
        headers.put(LAST, failures.last().toString());
        return withHeaders(original, id, headers);
    }

    static DeadLetter read(String group, Message letter) {
        Map<String, String> headers = letter.headers();
        return new DeadLetter(
                letter.id(),
                originalOf(letter),
                headers.getOrDefault(GROUP, group),
                reasonOf(headers.get(REASON)),
                headers.getOrDefault(EXCEPTION, ""),
                headers.getOrDefault(TEXT, ""),
                headers.getOrDefault(POSITION, ""),
                attemptsOf(headers.get(ATTEMPTS)),
                timeOf(headers.get(FIRST)),
                timeOf(headers.get(LAST)));
    }

    /** Returns the message as it was before it became a letter. */
    static Message originalOf(Message letter) {
        Map<String, String> headers = new HashMap<>(letter.headers());
        headers.keySet().removeIf(name -> name.startsWith(PREFIX));
        return withHeaders(letter, letter.headers().getOrDefault(ID, letter.id()), headers);
    }

    private static Message withHeaders(Message m, String id, Map<String, String> headers) {
        return new Message(id, m.topic(), m.type(), m.key(), headers, m.body());
    }

    static String textOf(Throwable failure) {
        try {
            String text = failure.getMessage();
            return text == null ? "" : text;
        } catch (RuntimeException e) {
            // Whatever an exception's own code does wrong must not keep its event from the dead letters.
            return "(its message could not be read: " + e.getClass().getName() + ")";
        }
    }

    // A header carries no control character, and half a surrogate pair is no text.
    private static String bounded(String text, int max) {
        StringBuilder clean = new StringBuilder(Math.min(text.length(), max));
        for (int i = 0; i < text.length() && clean.length() < max; i++) {
            char c = text.charAt(i);
            clean.append(Character.isISOControl(c) || Character.isSurrogate(c) ? ' ' : c);
        }
        return clean.toString();
    }

    private static DeadLetter.Reason reasonOf(@Nullable String name) {
        for (DeadLetter.Reason reason : DeadLetter.Reason.values()) {
            if (reason.name().equals(name)) {
                return reason;
            }
        }
        return DeadLetter.Reason.REJECTED;
    }

    private static int attemptsOf(@Nullable String number) {
        try {
            return number == null ? 0 : Integer.parseInt(number);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static Optional<Instant> timeOf(@Nullable String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
