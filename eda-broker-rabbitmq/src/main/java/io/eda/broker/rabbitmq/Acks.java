package io.eda.broker.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The acknowledgements of one channel, sent in batches. Thread-safe.
 *
 * <p>An acknowledgement with {@code multiple} covers everything up to its tag. So it is sent for the contiguous beginning
 * alone, in which nothing is unsettled; what was acknowledged beyond is sent one by one. A tag that is to be given back counts as
 * unsettled until the broker was told.
 */
final class Acks {

    private static final Logger log = LoggerFactory.getLogger(Acks.class);

    private final Channel channel;
    private final ScheduledExecutorService keeper;
    private final int batch;
    private final Duration delay;

    // In the order of arrival, which is that of the tags: the first is the lowest.
    private final Set<Long> unsettled = new LinkedHashSet<>();
    private List<Long> acknowledged = new ArrayList<>();
    private boolean isFlushDue;
    private boolean isTimerSet;

    Acks(Channel channel, ScheduledExecutorService keeper, int batch, Duration delay) {
        this.channel = channel;
        this.keeper = keeper;
        this.batch = batch;
        this.delay = delay;
    }

    synchronized void arrived(long tag) {
        unsettled.add(tag);
    }

    void done(long tag) {
        boolean isNow;
        synchronized (this) {
            unsettled.remove(tag);
            acknowledged.add(tag);
            isNow = acknowledged.size() >= batch || delay.isZero();
            if (isNow ? isFlushDue : isTimerSet) {
                return;
            }
            isFlushDue |= isNow;
            isTimerSet |= !isNow;
        }
        try {
            if (isNow) {
                keeper.execute(this::flush);
            } else {
                var unused = keeper.schedule(this::flush, delay.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (RejectedExecutionException e) {
            // The receiver is closed: closing has flushed, or the message comes again.
            log.debug("An acknowledgement came after the end");
        }
    }

    /** On the keeper's thread: sends what is due. */
    void flush() {
        List<Long> due;
        long end;
        synchronized (this) {
            isFlushDue = false;
            isTimerSet = false;
            due = acknowledged;
            acknowledged = new ArrayList<>();
            Iterator<Long> lowest = unsettled.iterator();
            end = lowest.hasNext() ? lowest.next() : Long.MAX_VALUE;
        }
        try {
            send(due, end);
        } catch (IOException | ShutdownSignalException e) {
            // The channel is dead, and the broker delivers again what it has not heard of: at least once.
            log.debug("{} acknowledgements were lost", due.size(), e);
        }
    }

    private void send(List<Long> due, long end) throws IOException {
        long highest = 0;
        for (long tag : due) {
            if (tag < end) {
                highest = Math.max(highest, tag);
            } else {
                channel.basicAck(tag, false);
            }
        }
        if (highest > 0) {
            channel.basicAck(highest, true);
        }
    }

    /**
     * On the keeper's thread: gives one back, or makes it a dead letter. Not by nack: from 4.3 on that verb counts no attempt.
     */
    void reject(long tag, boolean isComingAgain) {
        try {
            channel.basicReject(tag, isComingAgain);
        } catch (IOException | ShutdownSignalException e) {
            log.debug("A message was not given back: its channel is dead", e);
        }
        synchronized (this) {
            unsettled.remove(tag);
        }
    }
}
