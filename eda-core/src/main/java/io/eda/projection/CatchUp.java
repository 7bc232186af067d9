package io.eda.projection;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How far long work has come, and when it will be done. One line for people: {@link #toString}.
 *
 * @param progress where it stands
 * @param perSecond how many positions it passed in a second, lately
 * @param left how long it will take at that pace; nothing where it does not move
 */
public record CatchUp(Progress progress, double perSecond, Optional<Duration> left) {

    /** Returns the share that is done, from 0 to 100. */
    public double percent() {
        return progress.visiblePosition() == 0 ? 100 : 100.0 * progress.position() / progress.visiblePosition();
    }

    /** Returns a line with a bar, such as {@code order_views [######----]  61.0 %  61,000 of 100,000  8,300/s  4 s left}. */
    @Override
    public String toString() {
        int filled = (int) (percent() / 10);
        return String.format(
                Locale.ROOT,
                "%s [%s%s] %5.1f %%  %,d of %,d  %,.0f/s  %s",
                progress.name(),
                "#".repeat(filled),
                "-".repeat(10 - filled),
                percent(),
                progress.position(),
                progress.visiblePosition(),
                perSecond,
                left.map(time -> time.toSeconds() + " s left").orElse("stands"));
    }
}
