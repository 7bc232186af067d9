package io.eda.transport;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a reception is.
 *
 * @param isReceiving whether messages that come now would be delivered; also true while it is paused
 * @param failure why they would not; nothing while all is well
 * @param lag how many messages wait for the group, as last heard from the broker; nothing where it is not known
 */
public record ReceiverStatus(boolean isReceiving, Optional<Throwable> failure, OptionalLong lag) {}
