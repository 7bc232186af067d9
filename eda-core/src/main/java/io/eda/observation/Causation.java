package io.eda.observation;

import java.util.Optional;
import java.util.UUID;

/**
 * What a causation id tells. A command with which a handler reacts to an event is named {@code EVENTID:STEP}, see
 * {@code CommandContext.reactingTo}.
 *
 * @param eventId the event that it names, if it does
 * @param step the step that it names; empty where it names none
 */
record Causation(Optional<UUID> eventId, String step) {

    private static final int UUID_LENGTH = 36;

    static Causation of(String causationId) {
        boolean hasStep = causationId.length() > UUID_LENGTH && causationId.charAt(UUID_LENGTH) == ':';
        if (causationId.length() != UUID_LENGTH && !hasStep) {
            return new Causation(Optional.empty(), "");
        }
        try {
            UUID id = UUID.fromString(causationId.substring(0, UUID_LENGTH));
            return new Causation(Optional.of(id), hasStep ? causationId.substring(UUID_LENGTH + 1) : "");
        } catch (IllegalArgumentException e) {
            return new Causation(Optional.empty(), "");
        }
    }
}
