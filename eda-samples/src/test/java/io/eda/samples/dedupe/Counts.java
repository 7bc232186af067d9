package io.eda.samples.dedupe;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What came of the events of one broker. Every effect through Redis is known with the attempt that had it, and every attempt with the
 * process that made it: so whatever happened twice is laid to the process that was killed in between, or to nobody.
 *
 * @param published the events
 * @param twice how many of them were published twice
 * @param inbox how many effects each event had through the inbox
 * @param redis the attempts that had an effect on each event through the store
 * @param completed the attempts whose completion was answered
 * @param late the attempts whose completion came after their lease: another one may have handled the event too
 * @param cut the attempts, neither completed nor late, of processes that were killed
 */
record Counts(
        Set<UUID> published,
        int twice,
        Map<UUID, Long> inbox,
        Map<UUID, List<String>> redis,
        Set<String> completed,
        Set<String> late,
        Set<String> cut) {

    /** What processes said of their attempts, in one journal each. */
    record Attempts(Set<String> completed, Set<String> late, Set<String> cut) {

        /** Reads all journals of {@code folder}; {@code killed} are those of processes that were killed. */
        static Attempts read(Path folder, Set<Path> killed) throws IOException {
            Attempts attempts = new Attempts(new HashSet<>(), new HashSet<>(), new HashSet<>());
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(
                                path -> path.getFileName().toString().startsWith("journal-"))
                        .toList()) {
                    attempts.add(Files.readAllLines(file), killed.contains(file));
                }
            }
            return attempts;
        }

        private void add(List<String> lines, boolean wasKilled) {
            completed.addAll(said(Journal.COMPLETED, lines));
            late.addAll(said(Journal.LATE, lines));
            if (wasKilled) {
                Set<String> begun = said(Journal.BEGUN, lines);
                begun.removeAll(completed);
                begun.removeAll(late);
                cut.addAll(begun);
            }
        }

        private static Set<String> said(String what, List<String> lines) {
            return lines.stream()
                    .map(line -> line.split(" ", 2))
                    // The last line of a process that was killed may be half of one.
                    .filter(words -> words.length == 2 && words[0].equals(what))
                    .map(words -> words[1])
                    .collect(toSet());
        }
    }

    /** Whether every event had exactly one effect through the inbox. */
    boolean isExactInInbox() {
        return inbox.keySet().equals(published) && inbox.values().stream().allMatch(effects -> effects == 1);
    }

    /** Whether every event had an effect through the store. */
    boolean isCompleteInRedis() {
        return redis.keySet().equals(published);
    }

    /** How many effects through the store there were beyond the first of each event. */
    long repeated() {
        return redis.values().stream()
                .mapToLong(attempts -> attempts.size() - 1)
                .sum();
    }

    /**
     * Events with a repeated effect that no crash and no late completion explains: two attempts that were completed, or one of a
     * process that lives and never said how it ended, or two effects of one attempt.
     */
    List<UUID> unaccounted() {
        return redis.entrySet().stream()
                .filter(effects -> effects.getValue().size() > 1 && !isAccountedFor(effects.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private boolean isAccountedFor(List<String> attempts) {
        long completions = attempts.stream().filter(completed::contains).count();
        return completions <= 1
                && new HashSet<>(attempts).size() == attempts.size()
                && attempts.stream()
                        .allMatch(attempt ->
                                completed.contains(attempt) || late.contains(attempt) || cut.contains(attempt));
    }

    /** Repeated effects of attempts that were late, which no kill explains. */
    long repeatedByLateness() {
        return redis.values().stream()
                .filter(attempts -> attempts.size() > 1)
                .mapToLong(attempts -> attempts.stream().filter(late::contains).count())
                .sum();
    }

    @Override
    public String toString() {
        return published.size() + " events, " + twice + " of them published twice; through the inbox "
                + inbox.values().stream().mapToLong(Long::longValue).sum() + " effects on " + inbox.size()
                + "; through Redis "
                + redis.values().stream().mapToLong(List::size).sum()
                + " on " + redis.size() + ": " + repeated() + " repeated, of which "
                + (repeated() - repeatedByLateness())
                + " by a kill between effect and completion and " + repeatedByLateness()
                + " by a completion after the lease; " + unaccounted().size() + " events unaccounted for";
    }
}
