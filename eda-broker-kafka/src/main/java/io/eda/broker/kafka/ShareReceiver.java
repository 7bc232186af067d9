package io.eda.broker.kafka;

import io.eda.transport.Delivery;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.ReceiverStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * One member of an unordered group. It holds several share consumers, each with a part of what may be in flight: one of them
 * that waits for its slowest message fetches nothing, and the others go on.
 */
final class ShareReceiver implements KafkaReceiver {

    private final List<ShareHand> hands = new ArrayList<>();
    private final KafkaOptions options;
    private final Runnable onClose;

    ShareReceiver(
            ReceiveRequest request,
            Consumer<List<Delivery>> onDeliveries,
            KafkaOptions options,
            Topology topology,
            Member member) {
        this.options = options;
        this.onClose = member.onClose();
        int count = Math.min(options.limits().shareConsumers(), request.maxInFlight());
        for (int i = 0; i < count; i++) {
            // Together exactly what may be in flight.
            int share = request.maxInFlight() / count + (i < request.maxInFlight() % count ? 1 : 0);
            hands.add(new ShareHand(request, share, this.oneByOne(onDeliveries), options, topology, member));
        }
    }

    // Messages of one key may come to several hands: whoever takes them is still called by one thread at a time.
    private Consumer<List<Delivery>> oneByOne(Consumer<List<Delivery>> onDeliveries) {
        return deliveries -> {
            synchronized (hands) {
                onDeliveries.accept(deliveries);
            }
        };
    }

    @Override
    public void start() {
        hands.forEach(ShareHand::start);
    }

    @Override
    public void pause() {
        hands.forEach(hand -> hand.pause(true));
    }

    @Override
    public void resume() {
        hands.forEach(hand -> hand.pause(false));
    }

    @Override
    public ReceiverStatus status() {
        List<ReceiverStatus> all = hands.stream().map(ShareHand::status).toList();
        boolean isReceiving = all.stream().anyMatch(ReceiverStatus::isReceiving);
        return new ReceiverStatus(
                isReceiving,
                all.stream()
                        .filter(status -> !isReceiving)
                        .flatMap(status -> status.failure().stream())
                        .findFirst(),
                OptionalLong.empty());
    }

    @Override
    public void close() {
        boolean wasOpen = false;
        for (ShareHand hand : hands) {
            wasOpen |= hand.end();
        }
        if (!wasOpen) {
            return;
        }
        Duration limit = options.limits().closeTimeout().plusMillis(500);
        long deadline = System.nanoTime() + limit.toNanos();
        boolean isOwnThread = hands.stream().anyMatch(hand -> hand.isThis(Thread.currentThread()));
        if (!isOwnThread) {
            hands.forEach(hand -> hand.awaitEnd(Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()))));
        }
        onClose.run();
    }
}
