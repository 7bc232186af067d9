package io.eda.bus;

import org.jspecify.annotations.Nullable;

/** The works of one key in the order in which they came. The first of them is at work, or waits. Under the lock of {@link Lanes}. */
final class Lane {

    final Key key;

    private @Nullable Work head;
    private @Nullable Work tail;

    /** Its first work waits for something, so no thread looks at it. */
    boolean isSuspended;

    /** What its first work was about to wait for came before it waited. */
    boolean isResumed;

    Lane(Key key) {
        this.key = key;
    }

    void append(Work work) {
        work.lane = this;
        if (tail == null) {
            head = work;
        } else {
            tail.next = work;
        }
        tail = work;
    }

    boolean isEmpty() {
        return head == null;
    }

    Work first() {
        if (head == null) {
            throw new IllegalStateException("The lane of " + key + " is empty");
        }
        return head;
    }

    void removeFirst() {
        head = first().next;
        if (head == null) {
            tail = null;
        }
    }

    /** Whose order a lane keeps. */
    record Key(String topic, String key) {}
}
