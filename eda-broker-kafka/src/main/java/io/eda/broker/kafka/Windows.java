package io.eda.broker.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The windows of the partitions that a member has now. Guarded by the lock of its backlog. */
final class Windows {

    private final Map<TopicPartition, Window> byPartition = new HashMap<>();

    void assign(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> byPartition.putIfAbsent(partition, new Window(partition)));
    }

    @Nullable
    Window of(TopicPartition partition) {
        return byPartition.get(partition);
    }

    Collection<Window> all() {
        return byPartition.values();
    }

    /** Returns those of {@code partitions} that there are. */
    List<Window> of(Collection<TopicPartition> partitions) {
        List<Window> present = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            Window window = byPartition.get(partition);
            if (window != null) {
                present.add(window);
            }
        }
        return present;
    }

    void remove(Window window) {
        byPartition.remove(window.partition);
    }

    /** Returns how many fetched and unfinished ones there are. */
    int size() {
        return byPartition.values().stream().mapToInt(Window::size).sum();
    }

    /** Returns how many bytes are held. */
    long bytes() {
        return byPartition.values().stream().mapToLong(window -> window.bytes).sum();
    }

    /** Returns what of {@code windows} may be committed and is not: up to the first unfinished record of each. */
    static Map<TopicPartition, Prefix> finished(Collection<Window> windows) {
        Map<TopicPartition, Prefix> finished = new HashMap<>();
        for (Window window : windows) {
            long offset = window.finishedBefore();
            if (window.isOwned && offset > window.committed) {
                finished.put(window.partition, new Prefix(offset, window.results()));
            }
        }
        return finished;
    }
}
