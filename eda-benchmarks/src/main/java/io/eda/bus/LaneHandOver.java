package io.eda.bus;

import io.eda.transport.Delivery;
import io.eda.transport.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A batch of deliveries through the lanes alone, by one thread. In this package because the lanes are nobody else's. */
public final class LaneHandOver {

    /** How many deliveries arrive at once. */
    public static final int BATCH = 100;

    private static final Work.Stage NOTHING = work -> true;

    private final Lanes lanes = new Lanes(1);
    private final List<Delivery> deliveries = new ArrayList<>();

    /** Makes deliveries of as many keys. */
    public LaneHandOver() {
        for (int i = 0; i < BATCH; i++) {
            deliveries.add(new Arrived(new Message("id", "order", "order.created", "key-" + i, Map.of(), new byte[0])));
        }
    }

    /** Puts all into the lanes of their keys, takes each out, and says that it is over; returns how many there were. */
    public int handOver() {
        List<Work> works = new ArrayList<>(BATCH);
        for (Delivery delivery : deliveries) {
            works.add(new Work(delivery, NOTHING, false));
        }
        lanes.add(works);
        int done = 0;
        for (@Nullable Work work = lanes.first(); work != null; work = lanes.next(work, work.stage.run(work))) {
            done++;
        }
        return done;
    }

    /** A delivery that nobody waits for. */
    private record Arrived(Message message) implements Delivery {

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public String position() {
            return "nowhere";
        }

        @Override
        public void ack() {}

        @Override
        public void retryLater(Duration delay) {}

        @Override
        public void reject() {}
    }
}
