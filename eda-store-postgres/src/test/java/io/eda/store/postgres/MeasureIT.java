package io.eda.store.postgres;

import io.eda.testkit.servers.RealServers;
import java.sql.*;
import java.util.*;
import org.junit.jupiter.api.Test;

final class MeasureIT {
    @Test
    void measure() throws Exception {
        String counter = "m";
        String url = RoundTrips.counted(RealServers.postgres().jdbcUrl(), counter);
        String[] texts = {
            "insert into pg_temp.a as t values (?, 1, ?) on conflict (id) do update set n = t.n + 1, s = t.s + excluded.s",
            "update pg_temp.a set n = n + 1, s = ? where id = ?",
            "update pg_temp.b set n = n + 1, s = ? where id = ?",
            "insert into pg_temp.b as t values (?, 1, ?) on conflict (id) do update set n = t.n + 1"};
        boolean[] idFirst = {true, false, false, true};
        try (Connection c = DriverManager.getConnection(url)) {
            try (Statement s = c.createStatement()) {
                s.execute("create temp table a (id text primary key, n bigint, s bigint); create temp table b (id text primary key, n bigint, s bigint)");
            }
            c.setAutoCommit(false);
            for (int mode = 0; mode < 4; mode++) for (int k : new int[] {1, 4, 16, 64}) {
                if (mode == 0 && k > 1) continue;
                Random r = new Random(5);
                long best = Long.MAX_VALUE; int trips = 0;
                for (int round = 0; round < 12; round++) {
                    int before = RoundTrips.counterOf(counter).get();
                    long start = System.nanoTime();
                    List<Integer> seq = new ArrayList<>();
                    for (int i = 0; i < 512; i++) seq.add(mode == 3 ? i % 2 : r.nextInt(4));
                    if (mode == 0) {
                        for (int t : seq) { try (PreparedStatement p = c.prepareStatement(texts[t])) { bind(p, 1, idFirst[t], r); p.executeUpdate(); } }
                    } else {
                        for (int from = 0; from < seq.size(); from += k) {
                            List<Integer> part = seq.subList(from, Math.min(seq.size(), from + k));
                            StringBuilder sql = new StringBuilder();
                            for (int t : part) sql.append(texts[t]).append(";\n");
                            try (PreparedStatement p = c.prepareStatement(sql.toString())) {
                                int i = 1;
                                for (int t : part) { bind(p, i, idFirst[t], r); i += 2; }
                                p.execute();
                            }
                        }
                    }
                    c.commit();
                    long nanos = System.nanoTime() - start;
                    if (round > 5) best = Math.min(best, nanos);
                    trips = RoundTrips.counterOf(counter).get() - before;
                }
                System.out.println("MEASURE mode " + mode + " k " + k + ": " + best / 1000 + " us, round trips " + trips);
            }
        }
    }
    private static void bind(PreparedStatement p, int i, boolean idFirst, Random r) throws SQLException {
        String id = "r" + r.nextInt(200); long v = r.nextInt(1000);
        if (idFirst) { p.setObject(i, id); p.setObject(i + 1, v); } else { p.setObject(i, v); p.setObject(i + 1, id); }
    }
}
