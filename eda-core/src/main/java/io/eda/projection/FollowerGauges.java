package io.eda.projection;

import io.eda.telemetry.Gauges;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What a registry may ask of a follower.
 *
 * @param progress where the shards stand that run here
 * @param waitsSince when the oldest event was decided that was read here and is not done with
 * @param shards how many run here
 */
record FollowerGauges(Supplier<Progress> progress, Supplier<Optional<Instant>> waitsSince, IntSupplier shards) {

    Gauges register(Gauges gauges, String prefix) {
        CatchUpMeter pace = new CatchUpMeter(progress);
        return gauges.add(
                        prefix + ".position",
                        "Up to where everything is done with",
                        () -> known((double) progress.get().position()))
                .add(
                        prefix + ".lag",
                        "events",
                        "Positions ahead, an upper bound of the events",
                        () -> known((double) progress.get().lag()))
                .add(prefix + ".delay", "seconds", "Age of the oldest event under way", this::delay)
                .add(
                        prefix + ".rate",
                        "Positions passed in a second",
                        () -> known(pace.sample().perSecond()))
                .add(
                        prefix + ".standing",
                        "Whether it stands because of a failure",
                        () -> progress.get().failure().isPresent() ? 1 : 0)
                .add(prefix + ".shards", "shards", "Shards that run here", shards::getAsInt);
    }

    private double known(double value) {
        return shards.getAsInt() == 0 ? Double.NaN : value;
    }

    // By this machine's clock, which may be behind the one that dated the event.
    private double delay() {
        return waitsSince
                .get()
                .map(since -> Math.max(0, Duration.between(since, Instant.now()).toMillis() / 1_000.0))
                .orElse(0.0);
    }
}
