package io.eda.broker.rabbitmq;

import com.rabbitmq.client.ShutdownSignalException;
import io.eda.transport.PublishException;
import io.eda.transport.PublishException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a channel died, and what that means for what it had written: AMQP has no answer for one bad message but to close the
 * channel, so the guilty one is found by what the broker says.
 *
 * @param answer what the broker said
 * @param cause as the client tells it
 * @param afterLoss what was chosen for the innocent
 * @param fail fails one
 */
record ChannelDeath(
        BrokerAnswer answer,
        ShutdownSignalException cause,
        RabbitMqPublishing.AfterLoss afterLoss,
        BiConsumer<PendingPublish, PublishException> fail) {

    private static final Pattern SIZE = Pattern.compile("message size (\\d+) .*larger than");

    static ChannelDeath of(
            ShutdownSignalException cause,
            RabbitMqPublishing options,
            BiConsumer<PendingPublish, PublishException> fail) {
        return new ChannelDeath(BrokerAnswer.in(cause), cause, options.afterLoss(), fail);
    }

    /** Fails those that are to fail, and returns the others, in their order. */
    List<PendingPublish> survivors(List<PendingPublish> written) {
        Matcher size = SIZE.matcher(answer.text());
        if (answer.code() == BrokerAnswer.PRECONDITION_FAILED && size.find()) {
            return withoutTooLarge(written, Long.parseLong(size.group(1)));
        }
        if (answer.code() == BrokerAnswer.ACCESS_REFUSED) {
            written.forEach(p -> fail.accept(
                    p,
                    p.failure(
                            Reason.REFUSED,
                            "the user may not: " + answer.text() + ". Give it the right to write to the exchange",
                            cause)));
            return List.of();
        }
        if (afterLoss == RabbitMqPublishing.AfterLoss.FAILS) {
            written.forEach(p -> fail.accept(
                    p,
                    p.failure(
                            Reason.UNKNOWN,
                            "the channel was lost before the broker answered; it may have it. Publish it again with the same"
                                    + " id",
                            cause)));
            return List.of();
        }
        return written;
    }

    private List<PendingPublish> withoutTooLarge(List<PendingPublish> written, long refusedSize) {
        List<PendingPublish> others = new ArrayList<>(written);
        for (PendingPublish publish : written) {
            if (publish.body.length == refusedSize) {
                others.remove(publish);
                fail.accept(
                        publish,
                        publish.failure(
                                Reason.TOO_LARGE,
                                "the broker takes no message of this size: " + answer.text()
                                        + ". Raise its max_message_size, or send a reference",
                                cause));
                // What the broker closed the channel for is the first of this size; it has not seen the others.
                return others;
            }
        }
        return others;
    }
}
