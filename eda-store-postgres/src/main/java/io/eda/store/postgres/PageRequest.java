package io.eda.store.postgres;

import io.eda.store.EventFilter;

/**
 * Which page of all events a reader wants.
 *
 * @param after the position behind which it begins
 * @param filter which events it wants
 * @param limit how many at most
 */
record PageRequest(long after, EventFilter filter, int limit) {

    boolean isFiltered() {
        return !filter.typeNames().isEmpty();
    }
}
