package io.eda.bus;

import java.util.Optional;

/**
 * How a subscription is.
 *
 * @param group its group
 * @param isOpen whether it receives
 * @param handled how many events it has handled
 * @param failed how many attempts have failed
 * @param waiting how many aggregates wait now because an event of theirs failed and will be tried again
 * @param lastFailure the latest failure while an aggregate waits; nothing while none does
 */
public record SubscriptionStatus(
        String group, boolean isOpen, long handled, long failed, int waiting, Optional<Throwable> lastFailure) {

    /** Returns whether it is open and no aggregate waits. */
    public boolean isHealthy() {
        return isOpen && waiting == 0;
    }
}
