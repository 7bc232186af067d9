package io.eda.benchmarks.harness;

/** What a round in another process found, as one line of words. */
record Figures(long events, double p50Millis, double p99Millis, Usage used) {

    private static final int WORDS = 6;

    static Figures of(Measurement measurement) {
        return new Figures(measurement.events(), measurement.p50Millis(), measurement.p99Millis(), measurement.used());
    }

    static Figures parse(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != WORDS) {
            throw new IllegalArgumentException("A round has " + WORDS + " figures, not '" + line
                    + "': both processes must be of one version, so build both");
        }
        return new Figures(
                Long.parseLong(words[0]),
                Double.parseDouble(words[1]),
                Double.parseDouble(words[2]),
                new Usage(Long.parseLong(words[3]), Long.parseLong(words[4]), Double.parseDouble(words[5])));
    }

    String line() {
        return events + " " + p50Millis + " " + p99Millis + " " + used.cpuNanos() + " " + used.allocatedBytes() + " "
                + used.stolenPercent();
    }

    Measurement of(String contender, int round, Plan plan) {
        return new Measurement(contender, round, plan.measured(), events, p50Millis, p99Millis, used, false);
    }
}
