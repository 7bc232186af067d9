package io.eda.broker.kafka;

import io.eda.transport.PublishException;
import io.eda.transport.PublishException.Reason;
import java.time.Duration;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What a driver's error means for the record that it is about, and for the producer that met it. */
final class PublishFailures {

    private PublishFailures() {}

    static PublishException of(Publication publication, Throwable error, Object maxRequestSize) {
        return error instanceof PublishException known
                ? new PublishException(known.reason(), notPublished(publication) + known.getMessage(), known)
                : classified(publication, error, maxRequestSize);
    }

    static PublishException notAccepted(Publication publication, String why) {
        return new PublishException(Reason.NOT_ACCEPTED, notPublished(publication) + why);
    }

    static PublishException notAccepted(Publication publication, KafkaLimits limits) {
        return notAccepted(
                publication,
                limits.maxPending() + " messages or " + limits.maxPendingBytes()
                        + " bytes are published and not answered for, which is the limit: wait for their futures, or raise"
                        + " it in KafkaLimits");
    }

    static PublishException overdue(Publication publication, boolean isUnsent, Duration limit) {
        String fate = isUnsent
                ? "It was not sent, because the broker or the topic could not be reached: publish it again when they can"
                : "It was sent, and may have been stored: publish it again with the same id";
        return new PublishException(
                isUnsent ? Reason.UNAVAILABLE : Reason.UNKNOWN,
                "The message " + publication.name() + " was not confirmed by "
                        + publication.destination().topic() + " within " + limit + ". " + fate);
    }

    static PublishException abandoned(Publication publication, boolean isUnsent) {
        String fate = isUnsent ? "It was not sent" : "It may have been stored: publish it again with the same id";
        return new PublishException(
                isUnsent ? Reason.NOT_ACCEPTED : Reason.UNKNOWN,
                "The message " + publication.name() + " was not confirmed before the transport was closed. " + fate);
    }

    private static String notPublished(Publication publication) {
        return "The message " + publication.name() + " was not published: ";
    }

    private static PublishException classified(Publication publication, Throwable error, Object maxRequestSize) {
        String attempt = "The message " + publication.name() + " was not published to "
                + publication.destination().topic() + ": ";
        String found = error.getClass().getSimpleName() + ", " + error.getMessage();
        Reason reason = reasonOf(error);
        String message =
                switch (reason) {
                    case TOO_LARGE ->
                        "its record has about " + publication.size() + " bytes; max.request.size of the producer is "
                                + maxRequestSize + ", and the topic's max.message.bytes limits it too. " + found
                                + ". Make the body smaller, or raise both";
                    case UNROUTABLE -> found + ". Make the topic, or name another";
                    case REFUSED -> found + ". Publishing it again will not help before that is changed";
                    case UNAVAILABLE -> found + ". Publish it again when the broker is back";
                    default -> found + ". It may have been stored all the same: publish it again with the same id";
                };
        return new PublishException(reason, attempt + message, error);
    }

    /** Returns whether the producer can go on after {@code error}, or has to be opened anew. */
    static boolean endsProducer(Throwable error) {
        return !(error instanceof RetriableException)
                && !(error instanceof RecordTooLargeException)
                && !(error instanceof InvalidRecordException)
                && !(error instanceof InvalidTopicException)
                && !(error instanceof SerializationException)
                && !(error instanceof AuthenticationException)
                && !(error instanceof AuthorizationException);
    }

    private static Reason reasonOf(Throwable error) {
        if (error instanceof RecordTooLargeException) {
            return Reason.TOO_LARGE;
        }
        if (error instanceof InvalidTopicException || error instanceof UnknownTopicOrPartitionException) {
            return Reason.UNROUTABLE;
        }
        if (error instanceof AuthorizationException
                || error instanceof AuthenticationException
                || error instanceof InvalidRecordException
                || error instanceof SerializationException) {
            return Reason.REFUSED;
        }
        // A timeout does not tell whether the request was on its way, so it is not said that it was not stored.
        return isTurnedAway(error) ? Reason.UNAVAILABLE : Reason.UNKNOWN;
    }

    private static boolean isTurnedAway(Throwable error) {
        return error instanceof NotEnoughReplicasException
                || error instanceof ThrottlingQuotaExceededException
                || error instanceof BufferExhaustedException;
    }
}
