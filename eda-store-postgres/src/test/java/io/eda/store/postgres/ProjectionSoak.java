package io.eda.store.postgres;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** What {@code dev/soak projections} runs: three nodes and a database under blows, for minutes, and then the counts. */
final class ProjectionSoak {

    private ProjectionSoak() {}

    public static void main(String[] arguments) throws Exception {
        Duration time = Duration.ofSeconds((long) (60 * Double.parseDouble(arguments[0])));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<String, Integer> blows = new TreeMap<>();
        try (TallyCluster cluster = new TallyCluster(3)) {
            System.out.println("three nodes, four shards, seed " + seed);
            long end = System.nanoTime() + time.toNanos();
            for (int blow = 0; System.nanoTime() - end < 0; blow++) {
                String what = cluster.strike(blow, random);
                blows.merge(what.replaceFirst("node \\d", "a node"), 1, Integer::sum);
                System.out.println(what + "; " + cluster.written() + " events written, projected up to position "
                        + cluster.projected());
            }
            cluster.finish();
            System.out.println(blows + ", shards changed hands " + cluster.epochs() + " times, " + cluster.written()
                    + " events acknowledged: missed 0, doubled 0, out of order 0: the table equals a fresh fold");
        }
        System.exit(0);
    }
}
