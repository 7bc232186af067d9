package io.eda.samples.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.samples.relay.RelayCluster.Blow;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several JVMs that relay one store to RabbitMQ and to Kafka at once; what {@code dev/soak projections} does, once and short. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(360)
class RelayFaultsIT {

    @Test
    void whatever_is_killed_or_frozen_both_brokers_get_every_event_in_order_and_the_read_model_equals_a_fold()
            throws Exception {
        try (RelayCluster cluster = new RelayCluster(2)) {
            CompletableFuture<Void> rabbitMq = cluster.strike(Blow.KILL_RABBITMQ, 0);
            CompletableFuture<Void> kafka = cluster.strike(Blow.KILL_KAFKA, 0);
            cluster.strike(Blow.FREEZE_NODE, 0).join();
            cluster.strike(Blow.KILL_DATABASE, 0).join();
            kafka.join();
            cluster.strike(Blow.KILL_NODE, 1).join();
            rabbitMq.join();
            cluster.awaitProgress();
            cluster.strike(Blow.KILL_NODE, 0).join();
            cluster.awaitProgress();
            cluster.finish();
            assertThat(cluster.written()).isGreaterThan(200);
            assertThat(cluster.epochs()).as("how often shards changed hands").isGreaterThan(12);
        }
    }
}
