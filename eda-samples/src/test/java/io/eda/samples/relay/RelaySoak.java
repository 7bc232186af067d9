package io.eda.samples.relay;

import io.eda.samples.relay.RelayCluster.Blow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What {@code dev/soak projections} runs: three nodes that project and relay to two brokers; nodes, brokers and the database are
 * killed and frozen, for minutes; and then the counts.
 */
final class RelaySoak {

    private RelaySoak() {}

    /** Takes how many minutes it is to last. */
    public static void main(String[] arguments) throws Exception {
        Duration time = Duration.ofSeconds((long) (60 * Double.parseDouble(arguments[0])));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Blow> all = List.of(Blow.values());
        Map<Blow, Integer> blows = new TreeMap<>();
        try (RelayCluster cluster = new RelayCluster(3)) {
            System.out.println("three nodes, four shards each of a projection and two relays, seed " + seed);
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() - end < 0) {
                Blow blow = all.get(random.nextInt(all.size()));
                cluster.strike(blow, random.nextInt(3)).join();
                cluster.awaitProgress();
                blows.merge(blow, 1, Integer::sum);
                System.out.println(blow + "; " + cluster);
            }
            cluster.finish();
            System.out.println(blows + ", shards changed hands " + cluster.epochs() + " times; " + cluster
                    + ": missed 0, out of order 0; the table equals a fresh fold");
        }
        System.exit(0);
    }
}
