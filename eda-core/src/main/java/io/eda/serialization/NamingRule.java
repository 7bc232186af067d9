package io.eda.serialization;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An event's name says what happened to whom: {@code order.created}, {@code order.item_added}, {@code user.signed_up}. */
final class NamingRule {

    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+");
    private static final Pattern WORD_BREAKS =
            Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+");

    /** What a class is often called beside the fact: OrderCreatedEvent, order.created.v2. */
    private static final Pattern ORNAMENT = Pattern.compile("event|v[0-9]+");

    private NamingRule() {}

    /** Refuses a name that is not a fact, and proposes one that is. */
    static void check(String name) {
        if (FORM.matcher(name).matches() && isFact(name.substring(name.lastIndexOf('.') + 1))) {
            return;
        }
        throw new IllegalArgumentException("'" + name
                + "' is no name for an event: an event is a fact in the past tense; "
                + answer(name)
                        .map(answer -> "did you mean '" + answer + "'?")
                        .orElse("write noun.verb-ed, such as 'order.created'.")
                + " (A name that must stay as it is can be allowed with allowName.)");
    }

    /** Returns the name that was probably meant, or a model of one where there is nothing to go by. */
    static String proposal(String name) {
        return answer(name).orElse("order.created");
    }

    private static boolean isFact(String happening) {
        String[] words = happening.split("_", -1);
        int last = words.length - 1;
        boolean isPhrase = last > 0 && PastTense.isParticle(words[last]);
        return PastTense.isPast(words[isPhrase ? last - 1 : last]);
    }

    /** Returns noun and past form of the verb; nothing where one is missing, or the name is not English. */
    private static Optional<String> answer(String name) {
        List<String> words = words(name);
        if (words.size() < 2 || !name.chars().allMatch(c -> c < 128)) {
            return Optional.empty();
        }
        int verb = indexOfVerb(
                words,
                words(name.substring(0, Math.max(0, name.lastIndexOf('.')))).size());
        String happening = PastTense.of(words.remove(verb));
        if (verb < words.size() && PastTense.isParticle(words.get(verb))) {
            happening += "_" + words.remove(verb);
        }
        String answer = String.join("_", words) + "." + happening;
        boolean isGood = FORM.matcher(answer).matches() && isFact(happening) && !answer.equals(name);
        return isGood ? Optional.of(answer) : Optional.empty();
    }

    private static List<String> words(String name) {
        List<String> words = WORD_BREAKS
                .splitAsStream(name)
                .filter(word -> !word.isEmpty())
                .map(word -> word.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(ArrayList::new));
        while (words.size() > 1 && ORNAMENT.matcher(words.get(words.size() - 1)).matches()) {
            words.remove(words.size() - 1);
        }
        return words;
    }

    /**
     * Looks for a past form, then for the clearest verb: of two alike the one behind the last dot, or else the first, as
     * in a command. Where none is known, the last word is taken for it.
     */
    private static int indexOfVerb(List<String> words, int lastSegment) {
        for (int i = words.size() - 1; i >= 0; i--) {
            if (PastTense.isPast(words.get(i)) && !PastTense.isVerb(words.get(i))) {
                return i;
            }
        }
        int best = words.size() - 1;
        int leastDoubt = PastTense.UNKNOWN;
        for (int n = 0; n < words.size(); n++) {
            int i = (lastSegment + n) % words.size();
            int doubt = PastTense.doubtAsVerb(words.get(i));
            // In order.frob the order is a noun, whatever 'frob' may mean.
            boolean isNoun = doubt == PastTense.RATHER_NOUN && i < lastSegment;
            if (!isNoun && doubt < leastDoubt) {
                best = i;
                leastDoubt = doubt;
            }
        }
        return best;
    }
}
