package io.eda.testkit.transport;

import io.eda.transport.Delivery;
import io.eda.transport.Message;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Who worked on what, from when to when. */
final class Intervals {

    private final List<Interval> finished = new ArrayList<>();
    private final IdentityHashMap<Delivery, Interval> begun = new IdentityHashMap<>();

    private record Interval(String member, String key, String id, long start, long end) {}

    void around(String member, Delivery delivery, Runnable settle) {
        begin(member, delivery);
        end(delivery, settle);
    }

    synchronized void begin(String member, Delivery delivery) {
        Message message = delivery.message();
        begun.put(delivery, new Interval(member, message.key(), message.id(), System.nanoTime(), 0));
    }

    /** Ends the interval before it settles, because the next one may begin from then on. */
    void end(Delivery delivery, Runnable settle) {
        synchronized (this) {
            Interval open = begun.remove(delivery);
            if (open != null) {
                finished.add(new Interval(open.member, open.key, open.id, open.start, System.nanoTime()));
            }
        }
        settle.run();
    }

    synchronized int finished() {
        return finished.size();
    }

    synchronized List<String> ids() {
        return finished.stream().map(Interval::id).toList();
    }

    Set<String> distinctIds() {
        return new LinkedHashSet<>(ids());
    }

    synchronized Map<String, List<String>> idsByKey() {
        return idsByKey(finished, Interval::key, Interval::id);
    }

    Map<String, List<String>> firstIdsByKey() {
        Map<String, List<String>> all = idsByKey();
        all.replaceAll((key, ids) -> List.copyOf(new LinkedHashSet<>(ids)));
        return all;
    }

    synchronized List<String> overlapsBetweenMembers() {
        List<String> overlaps = new ArrayList<>();
        Map<String, List<Interval>> byKey = finished.stream().collect(Collectors.groupingBy(Interval::key));
        byKey.values().forEach(ofKey -> {
            for (Interval a : ofKey) {
                for (Interval b : ofKey) {
                    if (!a.member.equals(b.member) && a.start < b.start && b.start < a.end) {
                        overlaps.add(b + " began before the end of " + a);
                    }
                }
            }
        });
        return overlaps;
    }

    static <T> Map<String, List<String>> idsByKey(List<T> of, Function<T, String> key, Function<T, String> id) {
        return of.stream().collect(Collectors.groupingBy(key, Collectors.mapping(id, Collectors.toList())));
    }
}
