package io.eda.observation;

import io.eda.bus.FailedAttempts;
import java.util.Optional;

/**
 * An event at one place.
 *
 * @param place the place
 * @param outcome what has become of it there
 * @param failures how it has failed there in this process, also where it has succeeded since; nothing where it has not, or where that is
 *     not remembered: of projections and relays, of other processes, and of long ago
 */
public record Passage(Place place, Outcome outcome, Optional<FailedAttempts> failures) {

    static Passage of(Place place, Outcome outcome) {
        return new Passage(place, outcome, Optional.empty());
    }
}
