package io.eda.broker.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import java.net.SocketException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What is a refusal, and stops whoever publishes; and what is a loss, which mends itself. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class BrokerAnswerTest {

    @Test
    void a_connection_that_is_cut_while_it_opens_is_lost_and_not_refused() {
        var cut = new ShutdownSignalException(true, false, null, null);
        cut.initCause(new SocketException("Connection reset"));

        assertThat(BrokerAnswer.refusedConnection(new PossibleAuthenticationFailureException(cut)))
                .isEmpty();
    }

    @Test
    void credentials_that_the_broker_refuses_are_a_refusal() {
        assertThat(BrokerAnswer.refusedConnection(new AuthenticationFailureException("ACCESS_REFUSED")))
                .hasValueSatisfying(
                        refusal -> assertThat(refusal.reason()).isEqualTo(RabbitMqRefusedException.Reason.CREDENTIALS));
    }
}
