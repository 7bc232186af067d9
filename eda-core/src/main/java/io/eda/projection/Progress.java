package io.eda.projection;

import java.util.Optional;

/**
 * Where a projection or a relay stands.
 *
 * @param name whose progress it is
 * @param position up to where it has handled everything
 * @param visiblePosition up to where there was something to handle when it last looked
 * @param failure why it stands, while it does; nothing while all is well
 */
public record Progress(String name, long position, long visiblePosition, Optional<Throwable> failure) {

    /** Returns how many positions lie ahead; an upper bound of the number of events, since positions have holes. */
    public long lag() {
        return visiblePosition - position;
    }

    /** Returns one line for people. */
    @Override
    public String toString() {
        return "'" + name + "' is at position " + position + " of " + visiblePosition
                + failure.map(e -> " and stands because of " + e).orElse("");
    }
}
