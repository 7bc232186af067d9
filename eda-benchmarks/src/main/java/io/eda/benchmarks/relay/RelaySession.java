package io.eda.benchmarks.relay;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Session;
import io.eda.bus.EventBus;
import io.eda.outbox.OutboxRelay;
import io.eda.outbox.RelayLimits;
import io.eda.projection.FollowOptions;
import io.eda.store.postgres.PostgresCheckpointStore;
import io.eda.store.postgres.PostgresEventStorage;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import java.time.Duration;
import java.util.List;

/** One who publishes to one broker; each call is a hundred messages of the raw client, or a thousand events of the relay. */
record RelaySession(Operation operation, List<AutoCloseable> parts) implements Session {

    private static final int BATCH = 100;
    private static final int STEP = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Publishes messages that are there, without reading a store. */
    static RelaySession raw(RawClient client, List<Message> messages) {
        Window window = new Window();
        int[] next = {0};
        Operation operation = watch -> {
            for (int i = 0; i < BATCH; i++) {
                window.enter();
                client.publish(messages.get(next[0]), window);
                next[0] = (next[0] + 1) % messages.size();
            }
            return BATCH;
        };
        return new RelaySession(operation, List.of(window::awaitAll, client));
    }

    /** Relays the events of {@code history} to {@code transport}. */
    static RelaySession eda(History history, EventTransport transport) throws Exception {
        history.forgetCheckpoints();
        HikariDataSource pool = history.pool(6);
        PostgresEventStorage storage = PostgresEventStorage.create(pool);
        EventBus bus = new EventBus(transport, History.JSON);
        OutboxRelay relay = OutboxRelay.builder("bench", storage, PostgresCheckpointStore.create(pool), bus)
                .options(FollowOptions.defaults())
                .limits(RelayLimits.defaults())
                .start();
        long last = history.lastPosition();
        long[] seen = {0};
        Operation operation = watch -> {
            long next = Math.min(seen[0] + STEP, last);
            if (next == seen[0]) {
                throw new IllegalStateException("The relay has published all " + last + " events: store more");
            }
            relay.awaitPosition(next, PATIENCE);
            int passed = (int) (next - seen[0]);
            seen[0] = next;
            return passed;
        };
        return new RelaySession(operation, List.of(relay, bus, storage, pool));
    }

    @Override
    public Operation caller(int index) {
        return operation;
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable part : parts) {
            part.close();
        }
    }
}
