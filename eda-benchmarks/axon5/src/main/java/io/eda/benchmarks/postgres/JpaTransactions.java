package io.eda.benchmarks.postgres;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import org.axonframework.common.jpa.EntityManagerProvider;
import org.axonframework.eventsourcing.eventstore.jpa.AggregateEventEntry;
import org.axonframework.messaging.core.unitofwork.transaction.Transaction;
import org.axonframework.messaging.core.unitofwork.transaction.TransactionManager;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.jpa.HibernatePersistenceConfiguration;

/**
 * Axon's transactions over plain JPA: an entity manager for a thread, from the beginning of its transaction to the end, as a container
 * would give it. Thread-safe.
 */
final class JpaTransactions implements TransactionManager, EntityManagerProvider {

    private final EntityManagerFactory factory;
    private final ThreadLocal<EntityManager> current = new ThreadLocal<>();

    private JpaTransactions(EntityManagerFactory factory) {
        this.factory = factory;
    }

    /** Opens a pool of this many connections, and has Hibernate make Axon's tables where they are missing. */
    static JpaTransactions open(Connections connections, int pool) throws SQLException {
        boolean isNew = connections
                .ask("select to_regclass('\"AggregateEventEntry\"') is null")
                .equals("t");
        EntityManagerFactory factory = new HibernatePersistenceConfiguration("axon")
                .managedClass(AggregateEventEntry.class)
                .property(AvailableSettings.JAKARTA_NON_JTA_DATASOURCE, connections.pool(pool, false))
                // Otherwise Hibernate asks each connection, and turns off what is off.
                .property(AvailableSettings.CONNECTION_PROVIDER_DISABLES_AUTOCOMMIT, true)
                .property(AvailableSettings.DIALECT, ByteaDialect.class.getName())
                .property(AvailableSettings.GLOBALLY_QUOTED_IDENTIFIERS, true)
                .property(AvailableSettings.HBM2DDL_AUTO, isNew ? "create-only" : "none")
                .createEntityManagerFactory();
        connections.closeLater(factory);
        return new JpaTransactions(factory);
    }

    @Override
    public Transaction startTransaction() {
        EntityManager manager = factory.createEntityManager();
        manager.getTransaction().begin();
        current.set(manager);
        return new Transaction() {
            @Override
            public void commit() {
                try (manager) {
                    manager.getTransaction().commit();
                } finally {
                    current.remove();
                }
            }

            @Override
            public void rollback() {
                try (manager) {
                    manager.getTransaction().rollback();
                } finally {
                    current.remove();
                }
            }
        };
    }

    /**
     * Returns that of the transaction, or a new one where there is none. The engine closes what it gets, within a transaction before the
     * commit; as in a container, that closes nothing.
     */
    @Override
    public EntityManager getEntityManager() {
        EntityManager manager = current.get();
        return manager == null ? factory.createEntityManager() : unclosed(manager);
    }

    private static EntityManager unclosed(EntityManager manager) {
        return (EntityManager) Proxy.newProxyInstance(
                EntityManager.class.getClassLoader(),
                new Class<?>[] {EntityManager.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    try {
                        return method.invoke(manager, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
