package io.eda.projection;

import io.eda.store.EventFilter;
import io.eda.store.EventStorage;

/**
 * What is followed, and by whom.
 *
 * @param name the name of the follower and of its checkpoint
 * @param storage where the events come from
 * @param filter which of them are wanted
 */
public record Feed(String name, EventStorage storage, EventFilter filter) {}
