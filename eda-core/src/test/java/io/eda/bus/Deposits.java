package io.eda.bus;

import io.eda.Accounts;
import io.eda.Accounts.Deposited;
import io.eda.event.Event;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.event.TimeOrderedIds;
import io.eda.retry.Backoff;
import io.eda.retry.RetryPolicy;
import java.time.Clock;
import java.time.Duration;

/** Events for the tests of the pipeline: deposits to accounts, and options that lose no time. */
final class Deposits {

    static final Backoff QUICK = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5));
    static final RetryPolicy THREE_ATTEMPTS =
            RetryPolicy.defaults().withBackoff(QUICK).withAttempts(2, 1);

    private final TimeOrderedIds ids = new TimeOrderedIds(Clock.systemUTC());

    Event<Deposited> to(String account, long version) {
        return new Event<>(
                ids.get(),
                EventType.of("money.deposited"),
                Clock.systemUTC().instant(),
                "talk",
                "cause",
                Accounts.ACCOUNT.id(account),
                version,
                new Deposited(version),
                Metadata.of("tenant", "größe"));
    }

    static SubscriptionOptions options(String group) {
        return SubscriptionOptions.forGroup(group).withRetry(THREE_ATTEMPTS);
    }
}
