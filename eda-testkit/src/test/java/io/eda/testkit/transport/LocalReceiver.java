package io.eda.testkit.transport;

import io.eda.transport.Delivery;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import io.eda.transport.ReceiverStatus;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A correct reception that comes back after its connection was lost, and stays paused where it was. */
class LocalReceiver implements Receiver {

    private static final OptionalLong UNKNOWN = OptionalLong.empty();

    private final LocalConnection connection;
    private final ReceiveRequest request;
    private final Consumer<List<Delivery>> onDeliveries;
    private final AtomicReference<Receiver> connected = new AtomicReference<>();
    private volatile boolean isOpen = true;
    private volatile boolean isPaused;

    LocalReceiver(LocalConnection connection, ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
        this.connection = connection;
        this.request = request;
        this.onDeliveries = onDeliveries;
    }

    ReceiveRequest request() {
        return request;
    }

    Consumer<List<Delivery>> onDeliveries() {
        return onDeliveries;
    }

    /** Receives from the broker again, unless it is paused: then {@link #resume} does. */
    synchronized void connect() {
        if (isOpen && !isPaused && connected.get() == null) {
            connected.set(connection.broker().receive(request, onDeliveries));
            if (!isOpen) {
                // What it received at once may have closed it.
                disconnect();
            }
        }
    }

    void disconnect() {
        Receiver lost = connected.getAndSet(null);
        if (lost != null) {
            lost.close();
        }
    }

    @Override
    public void pause() {
        isPaused = true;
        Receiver receiver = connected.get();
        if (receiver != null) {
            receiver.pause();
        }
    }

    @Override
    public void resume() {
        isPaused = false;
        Receiver receiver = connected.get();
        if (receiver != null) {
            receiver.resume();
        } else if (!connection.broker().isAway()) {
            connect();
        }
    }

    @Override
    public ReceiverStatus status() {
        if (connection.broker().isAway()) {
            return new ReceiverStatus(false, Optional.of(new IllegalStateException("The broker is away")), UNKNOWN);
        }
        Receiver receiver = connected.get();
        return new ReceiverStatus(
                isOpen,
                Optional.empty(),
                receiver == null ? UNKNOWN : receiver.status().lag());
    }

    @Override
    public void close() {
        isOpen = false;
        connection.forget(this);
        disconnect();
    }
}
