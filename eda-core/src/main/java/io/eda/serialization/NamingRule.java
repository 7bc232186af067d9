package io.eda.serialization;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An event's name says what happened to whom: {@code order.created}, {@code order.item_added}, {@code order.paid}. */
final class NamingRule {

    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+");
    private static final Pattern WORD_BREAKS = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+");

    private NamingRule() {}

    /** Refuses a name that is not a fact, and proposes one that is. */
    static void check(String name) {
        if (FORM.matcher(name).matches() && PastTense.isPast(lastWord(name))) {
            return;
        }
        String proposal = proposal(name);
        boolean isAnswer = FORM.matcher(proposal).matches() && !proposal.equals(name);
        throw new IllegalArgumentException("'" + name
                + "' is no name for an event: an event is a fact in the past tense; "
                + (isAnswer ? "did you mean '" + proposal + "'?" : "write noun.verb-ed, such as 'order.created'.")
                + " (A name that must stay as it is can be allowed with allowName.)");
    }

    /** Returns the name that was probably meant. */
    static String proposal(String name) {
        List<String> words = words(name);
        if (words.isEmpty()) {
            return "order.created";
        }
        int verb = indexOfVerb(words);
        String past = PastTense.of(words.remove(verb));
        String noun = words.isEmpty() ? "order" : String.join("_", words);
        return noun + "." + past;
    }

    private static List<String> words(String name) {
        return WORD_BREAKS
                .splitAsStream(name)
                .filter(word -> !word.isEmpty())
                .map(word -> word.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** Looks for a past form, then for a known verb, first at the end; else trusts that the verb stands last. */
    private static int indexOfVerb(List<String> words) {
        for (int i = words.size() - 1; i >= 0; i--) {
            if (PastTense.isPast(words.get(i))) {
                return i;
            }
        }
        for (int i = words.size() - 1; i >= 0; i--) {
            if (PastTense.isVerb(words.get(i)) && !(i > 0 && i == words.size() - 1 && PastTense.isVerb(words.get(0)))) {
                return i;
            }
        }
        return words.size() - 1;
    }

    private static String lastWord(String name) {
        return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('_')) + 1);
    }
}
