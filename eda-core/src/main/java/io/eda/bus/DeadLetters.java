package io.eda.bus;

import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Message;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * What one group could not handle: looked at, replayed, dropped, whether the group has a subscription now or not. The same over every
 * transport.
 *
 * <p>Methods block, up to the transport's deadline. Thread-safe.
 */
public final class DeadLetters {

    /** How many letters are looked through for one id. */
    private static final int MAX_LOOKED_AT = 100_000;

    private final String group;
    private final DeadLetterQueue queue;
    private final Noting noting;

    DeadLetters(String group, DeadLetterQueue queue, Noting noting) {
        this.group = group;
        this.queue = queue;
        this.noting = noting;
    }

    /** Returns the oldest letters, {@code limit} at most. */
    public List<DeadLetter> list(int limit) {
        return queue.read(limit).stream()
                .map(letter -> Letters.read(group, letter))
                .toList();
    }

    /** Returns the letter {@code id}, among the 100 000 oldest. */
    public Optional<DeadLetter> find(String id) {
        return letter(id).map(letter -> Letters.read(group, letter));
    }

    /**
     * Gives the message of the letter {@code id} to this group again, and to no other; it is decoded and upcast anew, and its attempts
     * count from 1. The letter is forgotten when the transport has answered for the message; a crash in between leaves both. Returns
     * whether there was such a letter.
     *
     * @throws io.eda.transport.PublishException if the transport does not take it; the letter stays
     */
    public boolean replay(String id) {
        Optional<Message> letter = letter(id);
        letter.ifPresent(found -> replay(List.of(found)));
        return letter.isPresent();
    }

    /**
     * Replays the oldest letters, {@code limit} at most, in their order; returns how many it were.
     *
     * @throws io.eda.transport.PublishException if the transport does not take one; that letter and those behind it stay
     */
    public int replayAll(int limit) {
        List<Message> letters = queue.read(limit);
        replay(letters);
        return letters.size();
    }

    /** Forgets the letter {@code id} for ever. Returns whether there was one. */
    public boolean drop(String id) {
        if (noting.isWanted()) {
            letter(id).ifPresent(letter -> noting.dropped(List.of(letter)));
        }
        return queue.remove(id);
    }

    private void replay(List<Message> letters) {
        noting.replayed(letters);
        letters.forEach(this::replay);
    }

    private void replay(Message letter) {
        try {
            queue.redeliver(Letters.originalOf(letter)).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
        // A crash here leaves the letter, and the message is replayed twice: at least once, never zero.
        boolean unused = queue.remove(letter.id());
    }

    private Optional<Message> letter(String id) {
        return queue.read(MAX_LOOKED_AT).stream()
                .filter(letter -> letter.id().equals(id))
                .findFirst();
    }
}
