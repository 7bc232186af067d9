package io.eda.inmemory;

import static java.util.stream.Collectors.toSet;

import io.eda.event.AggregateId;
import io.eda.projection.FailedEvent;
import io.eda.projection.FailedEvent.Kind;
import io.eda.projection.FailedEvents;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The failed events of an in-memory checkpoint store, whose lock guards them. */
final class InMemoryFailedEvents<C> implements FailedEvents<C> {

    private final ReentrantLock lock;
    private final Map<String, TreeMap<Long, FailedEvent>> events = new HashMap<>();

    InMemoryFailedEvents(ReentrantLock lock) {
        this.lock = lock;
    }

    @Override
    public void add(C context, String name, FailedEvent event) {
        lock.lock();
        try {
            events.computeIfAbsent(name, n -> new TreeMap<>()).put(event.position(), event);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean parkBehind(C context, String name, FailedEvent event) {
        lock.lock();
        try {
            boolean isParked = parkedAggregates(name).contains(event.aggregateId());
            if (isParked) {
                add(context, name, event);
            }
            return isParked;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<FailedEvent> parkedOf(C context, String name, AggregateId aggregateId, int limit) {
        return find(name, parked -> isParked(parked) && parked.aggregateId().equals(aggregateId), limit);
    }

    @Override
    public void remove(C context, String name, long position) {
        lock.lock();
        try {
            events.getOrDefault(name, new TreeMap<>()).remove(position);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void clear(C context, String name) {
        lock.lock();
        try {
            events.remove(name);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Set<AggregateId> parkedAggregates(String name) {
        return find(name, InMemoryFailedEvents::isParked, Integer.MAX_VALUE).stream()
                .map(FailedEvent::aggregateId)
                .collect(toSet());
    }

    @Override
    public List<FailedEvent> list(String name, long afterPosition, int limit) {
        return find(name, event -> event.position() > afterPosition, limit);
    }

    private List<FailedEvent> find(String name, Predicate<FailedEvent> wanted, int limit) {
        lock.lock();
        try {
            Stream<FailedEvent> all = events.getOrDefault(name, new TreeMap<>()).values().stream();
            return all.filter(wanted).limit(limit).toList();
        } finally {
            lock.unlock();
        }
    }

    private static boolean isParked(FailedEvent event) {
        return event.kind() == Kind.PARKED;
    }
}
