package io.eda.store.postgres;

import io.eda.transport.Capability;
import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Publishes into a table, in the order of the calls, and confirms when it is committed; it only sends. */
final class TableTransport implements EventTransport {

    private final DataSource dataSource;
    private final String table;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    TableTransport(DataSource dataSource, String schema) {
        this.dataSource = dataSource;
        this.table = schema + ".published";
    }

    static void createTable(DataSource dataSource, String schema) throws SQLException {
        TestDatabase.execute(
                dataSource,
                "create table " + schema + ".published (seq bigint generated always as identity primary key, id uuid)");
    }

    @Override
    public List<CompletableFuture<Void>> publish(List<Message> messages) {
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        messages.forEach(message -> futures.add(new CompletableFuture<>()));
        thread.execute(() -> {
            try {
                insert(messages);
                futures.forEach(future -> future.complete(null));
            } catch (SQLException e) {
                PublishException failure = new PublishException(
                        PublishException.Reason.UNKNOWN, "The insert into " + table + " failed", e);
                futures.forEach(future -> future.completeExceptionally(failure));
            }
        });
        return futures;
    }

    private void insert(List<Message> messages) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert =
                    connection.prepareStatement("insert into " + table + " (id) values (?::uuid)")) {
                for (Message message : messages) {
                    insert.setString(1, message.id());
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            connection.commit();
        }
    }

    @Override
    public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
        throw new IllegalStateException("this transport only sends");
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public DeadLetterQueue deadLetters(String group) {
        throw new IllegalStateException("this transport only sends");
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
