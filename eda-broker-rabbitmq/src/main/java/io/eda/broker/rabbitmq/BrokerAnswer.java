package io.eda.broker.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the broker said when it closed a channel or a connection.
 *
 * @param code AMQP's reply code; 0 where it said nothing
 * @param text in its own words
 */
record BrokerAnswer(int code, String text) {

    static final int NOT_FOUND = 404;
    static final int ACCESS_REFUSED = 403;
    static final int PRECONDITION_FAILED = 406;
    private static final int COMMAND_INVALID = 503;
    private static final int NOT_ALLOWED = 530;

    private static final int MAX_CAUSES = 20;

    static BrokerAnswer in(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            if (cause instanceof ShutdownSignalException shutdown) {
                return in(shutdown.getReason(), shutdown);
            }
            cause = cause.getCause();
        }
        return new BrokerAnswer(0, String.valueOf(failure.getMessage()));
    }

    private static BrokerAnswer in(@Nullable Method reason, ShutdownSignalException shutdown) {
        if (reason instanceof AMQP.Channel.Close close) {
            return new BrokerAnswer(close.getReplyCode(), close.getReplyText());
        }
        if (reason instanceof AMQP.Connection.Close close) {
            return new BrokerAnswer(close.getReplyCode(), close.getReplyText());
        }
        return new BrokerAnswer(0, String.valueOf(shutdown.getMessage()));
    }

    /** What trying to connect again does not change. */
    static Optional<RabbitMqRefusedException> refusedConnection(Throwable failure) {
        if (failure instanceof RabbitMqRefusedException refused) {
            return Optional.of(refused);
        }
        BrokerAnswer answer = in(failure);
        // Not its supertype, which the client throws for every connection that is cut while it is being opened.
        boolean isRefused = failure instanceof AuthenticationFailureException
                || answer.code == NOT_ALLOWED
                || answer.code == ACCESS_REFUSED;
        return isRefused
                ? Optional.of(new RabbitMqRefusedException(
                        RabbitMqRefusedException.Reason.CREDENTIALS,
                        "RabbitMQ refuses the connection: " + answer.text
                                + ". Check the user, the password or certificate, the virtual host, and the user's"
                                + " permissions in it, at the ConnectionFactory and on the broker.",
                        failure))
                : Optional.empty();
    }

    /** What declaring {@code what} again does not change. */
    static Optional<RabbitMqRefusedException> refusedDeclaration(String what, Throwable failure) {
        BrokerAnswer answer = in(failure);
        // From 4.0 on a kind of exchange that the broker does not know is a precondition that failed.
        if (answer.code == COMMAND_INVALID || answer.text.contains("invalid exchange type")) {
            return Optional.of(new RabbitMqRefusedException(
                    RabbitMqRefusedException.Reason.UNSUPPORTED,
                    "The broker does not know how to declare " + what + ": " + answer.text
                            + ". Partitions need a plugin: rabbitmq-plugins enable rabbitmq_consistent_hash_exchange, on every"
                            + " node; or use 0 partitions.",
                    failure));
        }
        return switch (answer.code) {
            case PRECONDITION_FAILED ->
                Optional.of(new RabbitMqRefusedException(
                        RabbitMqRefusedException.Reason.TOPOLOGY,
                        "Declaring " + what + " found another one under its name: " + answer.text
                                + ". Nothing was changed. Use the options it was declared with, another exchange or group, or"
                                + " move its messages and delete it.",
                        failure));
            case ACCESS_REFUSED ->
                Optional.of(new RabbitMqRefusedException(
                        RabbitMqRefusedException.Reason.RIGHTS,
                        "The user may not declare " + what + ": " + answer.text
                                + ". Give it the right to configure, write and read names that begin like the exchange's.",
                        failure));
            default -> Optional.empty();
        };
    }
}
