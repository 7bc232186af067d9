package io.eda.broker.rabbitmq;

import static io.eda.broker.rabbitmq.Inbox.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.eda.transport.Receiver;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
final class LifecycleIT {

    private final RabbitMqOptions options = TestRabbit.options();

    @Test
    void a_hundred_receivers_and_twenty_transports_leave_no_thread_and_no_channel_behind() throws Exception {
        long channels = channels();
        for (int i = 0; i < 20; i++) {
            try (var transport = RabbitMqTransport.connect(options)) {
                Inbox inbox = Inbox.acking();
                for (int r = 0; r < 5; r++) {
                    try (Receiver receiver = inbox.joins(transport, "mail")) {
                        Inbox.publish(transport, message("a" + i, r));
                        inbox.awaitIds(List.of("a" + i + "-" + r));
                    }
                }
            }
        }
        Inbox.patiently().untilAsserted(() -> assertThat(threads()).isEmpty());
        Inbox.patiently().until(() -> channels() <= channels);
    }

    @Test
    void a_frozen_server_cannot_hold_up_a_close() throws Exception {
        var transport = RabbitMqTransport.connect(options);
        Inbox.acking().joins(transport, "mail");
        Inbox.publish(transport, message("a", 1));
        TestRabbit.server().freeze();
        try {
            var future = transport.publish(List.of(message("a", 2))).get(0);
            transport.close();
            assertThat(future).isCompletedExceptionally();
        } finally {
            TestRabbit.server().thaw();
        }
        Inbox.patiently().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().entrySet().stream()
                .map(Map.Entry::getKey)
                .map(Thread::getName)
                .filter(name -> name.startsWith("eda-rabbitmq") || name.startsWith("AMQP Connection"))
                .toList();
    }

    private static long channels() {
        return Long.parseLong(TestRabbit.eval("length(rabbit_channel:list()).").strip());
    }
}
