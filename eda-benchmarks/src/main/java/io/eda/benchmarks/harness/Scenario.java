package io.eda.benchmarks.harness;

import java.util.List;

/**
 * What is compared.
 *
 * @param name what the callers do
 * @param pace when they do it
 * @param contenders the systems, in the order in which each round takes them; names differ
 * @param references the names of those that the others are set in relation to
 * @param goals what was promised
 */
public record Scenario(String name, Pace pace, List<Contender> contenders, List<String> references, List<Goal> goals) {

    /** Checks that every name means a contender. */
    public Scenario {
        contenders = List.copyOf(contenders);
        references = List.copyOf(references);
        goals = List.copyOf(goals);
        List<String> names = contenders.stream().map(Contender::name).toList();
        if (names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException("'" + name + "' has two contenders of one name: " + names);
        }
        references.forEach(reference -> requireKnown(names, reference));
        for (Goal goal : goals) {
            requireKnown(names, goal.contender());
            goal.reference().ifPresent(reference -> requireKnown(names, reference));
        }
    }

    private static void requireKnown(List<String> names, String wanted) {
        if (!names.contains(wanted)) {
            throw new IllegalArgumentException("There is no contender '" + wanted + "', there are " + names);
        }
    }
}
