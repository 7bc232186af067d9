package io.eda.broker.rabbitmq;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How much is accepted and not answered, over all lanes. Thread-safe. */
final class PublishLimits {

    private final int maxMessages;
    private final long maxBytes;
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    PublishLimits(RabbitMqPublishing options) {
        // What is written waits no longer, but is held in memory all the same.
        this.maxMessages = (int) Math.min((long) options.maxWaiting() + options.maxUnconfirmed(), Integer.MAX_VALUE);
        this.maxBytes = options.maxWaitingBytes() + options.maxUnconfirmedBytes();
    }

    /** Takes room for one, where there is some. */
    boolean admit(int size) {
        int count = messages.incrementAndGet();
        long held = bytes.addAndGet(size);
        // One that is alone is let in whatever its size: it has its own limit.
        if (count > maxMessages || (held > maxBytes && count > 1)) {
            release(size);
            return false;
        }
        return true;
    }

    void release(int size) {
        messages.decrementAndGet();
        bytes.addAndGet(-size);
    }

    int messages() {
        return messages.get();
    }

    String full() {
        return messages.get() + " messages of " + bytes.get() + " bytes wait already; " + maxMessages + " and "
                + maxBytes + " are the limits: the broker is slower than the publisher";
    }
}
