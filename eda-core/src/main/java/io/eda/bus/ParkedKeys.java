package io.eda.bus;

import io.eda.parking.ParkedKey;
import io.eda.parking.ParkedMessages;
import java.util.List;

/**
 * The aggregates that one group has parked: looked at, replayed, dropped, whether the group has a subscription now or not.
 *
 * <p>Methods block for as long as the store does. Thread-safe.
 */
public final class ParkedKeys {

    /** How many messages of one key are written down as replayed. */
    private static final int MAX_NOTED = 1_000;

    private final String group;
    private final ParkedMessages store;
    private final Noting noting;

    ParkedKeys(String group, ParkedMessages store, Noting noting) {
        this.group = group;
        this.store = store;
        this.noting = noting;
    }

    /** Returns the keys that are parked, {@code limit} at most, those that wait longest first. */
    public List<ParkedKey> list(int limit) {
        return store.keys(group, limit);
    }

    /** Returns the messages of {@code key} in their order, {@code limit} at most: the one that has failed, and what came behind it. */
    public List<DeadLetter> messages(ParkedKey key, int limit) {
        return store.messages(key, limit).stream()
                .map(letter -> Letters.read(group, letter))
                .toList();
    }

    /**
     * Lets the members of the group handle the messages of {@code key} again, in their order, decoded and upcast anew, with attempts that count
     * from 1; later events of it still wait behind. The first one that fails again parks the key again. Begins within a second of the
     * group's having a subscription that parks keys. Returns whether the key is parked.
     */
    public boolean replay(ParkedKey key) {
        if (noting.isWanted()) {
            noting.replayed(store.messages(key, MAX_NOTED));
        }
        return store.release(key);
    }

    /**
     * Forgets one message of {@code key} for ever, so that those behind it can be replayed without it. Returns whether it was there, and not in
     * the hands of a member.
     */
    public boolean drop(ParkedKey key, String id) {
        if (noting.isWanted()) {
            noting.dropped(store.messages(key, MAX_NOTED).stream()
                    .filter(parked -> parked.id().equals(id))
                    .toList());
        }
        return store.drop(key, id);
    }
}
