package io.eda.event;

import com.fasterxml.uuid.UUIDClock;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Ids in the order of time: UUIDv7 (RFC 9562), ascending within one instance even inside a millisecond while its clock
 * does not go back, so that indexes over them grow at one end. Thread-safe.
 */
public final class TimeOrderedIds implements Supplier<UUID> {

    private final TimeBasedEpochGenerator generator;

    /** Makes ids from {@code clock} and secure random bits. */
    public TimeOrderedIds(Clock clock) {
        this.generator = new TimeBasedEpochGenerator(new SecureRandom(), new Millis(clock));
    }

    /** Returns an id that this instance has not returned before. */
    @Override
    public UUID get() {
        return generator.generate();
    }

    private static final class Millis extends UUIDClock {
        private final Clock clock;

        private Millis(Clock clock) {
            this.clock = clock;
        }

        @Override
        public long currentTimeMillis() {
            return clock.millis();
        }
    }
}
