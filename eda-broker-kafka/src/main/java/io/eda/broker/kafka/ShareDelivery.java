package io.eda.broker.kafka;

import io.eda.transport.Delivery;
import io.eda.transport.Message;
import java.time.Duration;

/** One delivery of one record by a share group. */
final class ShareDelivery implements Delivery {

    private final ShareBatch batch;
    final Held held;

    ShareDelivery(ShareBatch batch, Held held) {
        this.batch = batch;
        this.held = held;
    }

    @Override
    public Message message() {
        return held.message;
    }

    @Override
    public int attempt() {
        return held.attempt;
    }

    @Override
    public String position() {
        return held.position;
    }

    @Override
    public void ack() {
        batch.accept(this);
    }

    @Override
    public void retryLater(Duration delay) {
        batch.release(this, delay);
    }

    @Override
    public void reject() {
        batch.reject(this);
    }
}
