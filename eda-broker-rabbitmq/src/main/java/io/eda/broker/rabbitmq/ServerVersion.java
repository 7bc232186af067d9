package io.eda.broker.rabbitmq;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version that the server tells at the connection.
 *
 * @param text as told
 * @param major the first number
 * @param minor the second number
 */
record ServerVersion(String text, int major, int minor) {

    private static final Pattern FORM = Pattern.compile("(\\d+)\\.(\\d+).*", Pattern.DOTALL);

    static ServerVersion of(Map<String, Object> serverProperties) {
        String text = String.valueOf(serverProperties.get("version"));
        Matcher matcher = FORM.matcher(text);
        // A broker that tells no version is taken for a new one: what it lacks it will say.
        return matcher.matches()
                ? new ServerVersion(text, Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
                : new ServerVersion(text, Integer.MAX_VALUE, 0);
    }

    boolean isAtLeast(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }

    /** Quorum queues dead-letter at least once from 3.10 on; before, a dead letter could be lost. */
    void require() {
        if (!isAtLeast(3, 10)) {
            throw new RabbitMqRefusedException(
                    RabbitMqRefusedException.Reason.UNSUPPORTED,
                    "This is RabbitMQ " + text
                            + ", and 3.10 or newer is needed: older ones lose dead letters. Upgrade it.",
                    new IllegalStateException("version " + text));
        }
    }
}
