package io.eda.parking;

import io.eda.transport.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The messages of keys that are parked. A key is parked while it has a message here.
 *
 * <ol>
 *   <li><b>In order.</b> The messages of a key are replayed in the order in which they were parked.
 *   <li><b>Once.</b> A message that is parked again under the same id, because its delivery came again, is there once.
 *   <li><b>Race-free.</b> {@link #park} behind others either finds the key parked and appends, or says that it is not: a message that comes
 *       while the last one is replayed is neither lost nor early.
 *   <li><b>Fenced.</b> A key is replayed by one member at a time; one whose lease is over changes nothing.
 * </ol>
 *
 * <p>{@link #parked} and {@link #park} return at once, and their futures fail where the store cannot be asked; the others block.
 * Implementations are thread-safe.
 */
public interface ParkedMessages {

    /** Returns those of {@code keys} that are parked: one question for a whole batch. */
    CompletableFuture<Set<ParkedKey>> parked(Set<ParkedKey> keys);

    /**
     * Parks a message as the last of its key.
     *
     * @param onlyBehind whether to do it only where the key is parked
     * @return whether it was parked, or was there before
     */
    CompletableFuture<Boolean> park(ParkedKey key, Message message, boolean onlyBehind);

    /** Returns the keys of {@code group} that are parked, the oldest first, {@code limit} at most. */
    List<ParkedKey> keys(String group, int limit);

    /** Returns the messages of {@code key} in their order, {@code limit} at most. */
    List<Message> messages(ParkedKey key, int limit);

    /** Lets the members of the group replay {@code key}. Returns whether it is parked. */
    boolean release(ParkedKey key);

    /** Forgets the message {@code id} of {@code key}, unless a member has it in hand. Returns whether it did. */
    boolean drop(ParkedKey key, String id);

    /**
     * Takes a released key that nobody has in hand, for the time of {@code lease}.
     *
     * @param owner who takes it: unique for every member of a group
     */
    Optional<ParkedReplay> take(String group, String owner, Duration lease);

    /** Makes the lease of {@code replay} end {@code lease} from now. Returns whether its owner still had it. */
    boolean extend(ParkedReplay replay, Duration lease);

    /**
     * Forgets the message of {@code replay}, which was handled.
     *
     * @return the next one of its key, under the same lease; nothing where there is none, so that the key is not parked any more, or where
     *     the lease was lost
     */
    Optional<ParkedReplay> done(ParkedReplay replay);

    /** Gives {@code replay} back: with {@code letter} in place of its message, to stay parked, or as it is, to be taken again. */
    void giveBack(ParkedReplay replay, Optional<Message> letter);
}
