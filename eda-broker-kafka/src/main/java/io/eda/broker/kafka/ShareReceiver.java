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
 * that waits for its slowest message fetches nothing, and the others go on. One of them reads what is redelivered, and nothing
 * else: the broker spreads consumers over all partitions that they read, and those are idle nearly always.
 */
final class ShareReceiver implements KafkaReceiver {

    private static final int REDELIVERED_PART = 8;

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
        int most = request.maxInFlight();
        Consumer<List<Delivery>> oneByOne = oneByOne(onDeliveries);
        if (most == 1) {
            hands.add(new ShareHand(request, new ShareHand.Part(1, true, true), oneByOne, options, topology, member));
            return;
        }
        int again = Math.max(1, most / REDELIVERED_PART);
        hands.add(new ShareHand(request, new ShareHand.Part(again, false, true), oneByOne, options, topology, member));
        int events = most - again;
        int count = Math.min(options.limits().shareConsumers(), events);
        for (int i = 0; i < count; i++) {
            // Together exactly what may be in flight.
            int share = events / count + (i < events % count ? 1 : 0);
            var part = new ShareHand.Part(share, true, false);
            hands.add(new ShareHand(request, part, oneByOne, options, topology, member));
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
