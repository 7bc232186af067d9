package io.eda.observation;

import io.eda.bus.FailedAttempts;
import io.eda.intervention.Intervention;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Tells a life in short sentences. Not thread-safe: for one telling. */
final class Story {

    private static final DateTimeFormatter DAY_AND_TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd HH:mm:ss.SSS 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final EventLife life;
    private final StringBuilder text = new StringBuilder();

    Story(EventLife life) {
        this.life = life;
    }

    String tell() {
        line(0, "The conversation " + life.correlationId());
        for (EventFacts cause : life.causes()) {
            line(0, time(cause.decidedAt()) + "  " + cause + " came first: " + appended(cause));
        }
        if (life.events().isEmpty()) {
            line(0, "No event of it was found.");
        }
        for (LivedEvent event : life.events()) {
            line(
                    0,
                    time(event.facts().decidedAt()) + "  " + event.facts() + ", was decided because of "
                            + event.facts().causationId() + ": " + appended(event.facts()));
            tell(event, 1);
        }
        Searched searched = life.searched();
        line(
                0,
                searched.isWhole()
                        ? "That is all so far: the events behind position " + searched.afterPosition()
                                + " were looked through, up to " + searched.toPosition() + ", the last one."
                        : "There may be more: only the events behind position " + searched.afterPosition() + " up to "
                                + searched.toPosition() + " were looked through.");
        return text.toString();
    }

    private void tell(LivedEvent event, int depth) {
        if (!event.isVisible()) {
            line(depth, "Those who follow all events do not see it yet: an older transaction goes on.");
        }
        event.passages().stream()
                .flatMap(passage -> passage.failures().stream()
                        .filter(failures -> isOver(passage.outcome()))
                        .map(failures -> before(passage.place(), failures)))
                .forEach(sentence -> line(depth, sentence));
        event.interventions().forEach(asked -> line(depth, sentence(asked)));
        event.passages().stream()
                .filter(passage -> !(passage.outcome() instanceof Outcome.NotWanted))
                .forEach(passage -> line(depth, sentence(event, passage)));
        unconcerned(event, depth);
        event.reactions().forEach(reaction -> tell(event, reaction, depth));
    }

    private void unconcerned(LivedEvent event, int depth) {
        List<String> places = event.passages().stream()
                .filter(passage -> passage.outcome() instanceof Outcome.NotWanted)
                .map(passage -> passage.place().toString())
                .toList();
        if (!places.isEmpty()) {
            line(depth, "It does not concern " + String.join(", ", places) + ".");
        }
    }

    private void tell(LivedEvent cause, Reaction reaction, int depth) {
        for (LivedEvent event : reaction.events()) {
            Duration after =
                    Duration.between(cause.facts().decidedAt(), event.facts().decidedAt());
            line(
                    depth,
                    String.format(Locale.ROOT, "%+.3f s  ", after.toMillis() / 1_000.0)
                            + (reaction.step().isEmpty() ? "It" : "Its command '" + reaction.step() + "'")
                            + " led to " + event.facts() + ": " + appended(event.facts()));
            tell(event, depth + 1);
        }
    }

    private static String appended(EventFacts facts) {
        return "appended as " + facts.eventId() + " at position " + facts.position() + ".";
    }

    // Where it still fails, or was given up, the outcome says the same.
    private static boolean isOver(Outcome outcome) {
        return !(outcome instanceof Outcome.Failing)
                && !(outcome instanceof Outcome.DeadLettered)
                && !(outcome instanceof Outcome.Parked);
    }

    private static String before(Place place, FailedAttempts failures) {
        return capital(place) + " failed on it " + times(failures.attempts()) + ", the last time at "
                + time(failures.last()) + ", with " + failures.error() + ".";
    }

    private static String sentence(Intervention asked) {
        Place place = new Place(
                asked.site() == Intervention.Site.GROUP ? Place.Kind.GROUP : Place.Kind.PROJECTION, asked.name());
        return time(asked.at()) + "  Somebody asked "
                + (asked.action() == Intervention.Action.REPLAY
                        ? "that " + place + " handle it again."
                        : "that " + place + " forget it.");
    }

    private static String sentence(LivedEvent event, Passage passage) {
        String place = capital(passage.place());
        Outcome outcome = passage.outcome();
        if (outcome instanceof Outcome.Passed passed) {
            return place + " has " + done(passage.place()) + " it: " + passed.evidence() + ".";
        }
        if (outcome instanceof Outcome.NotYet notYet) {
            return place + " has not " + done(passage.place()) + " it yet: " + notYet.where() + ".";
        }
        if (outcome instanceof Outcome.InHand inHand) {
            return place + " has it in hand: its claim ends in " + inHand.remaining() + ".";
        }
        if (outcome instanceof Outcome.Unknown unknown) {
            return "Whether " + passage.place() + " has " + done(passage.place()) + " it is not known: "
                    + unknown.reason() + ".";
        }
        return place + failed(event, outcome);
    }

    private static String failed(LivedEvent event, Outcome outcome) {
        if (outcome instanceof Outcome.Failing failing) {
            return " has failed on it " + times(failing.attempts()) + " and tries again: " + failing.error() + ".";
        }
        if (outcome instanceof Outcome.Skipped skipped) {
            return " failed on it " + times(skipped.attempts()) + " and left it out: " + skipped.error() + ".";
        }
        if (outcome instanceof Outcome.Parked parked) {
            return parked.attempts() == 0
                    ? " has it parked behind an earlier event of "
                            + event.facts().aggregateId() + " that failed."
                    : " failed on it " + times(parked.attempts()) + " and has parked it: " + parked.error() + ".";
        }
        if (outcome instanceof Outcome.DeadLettered dead) {
            return " failed on it " + times(dead.attempts())
                    + dead.last()
                            .map(last -> ", the last time at " + time(last))
                            .orElse("")
                    + ", and gave it up (" + dead.reason() + "): " + dead.error()
                    + ". It waits in the dead letters as " + dead.letterId() + ".";
        }
        throw new IllegalStateException("There is no sentence for " + outcome);
    }

    private static String done(Place place) {
        return place.kind() == Place.Kind.RELAY ? "published" : "handled";
    }

    private static String times(int attempts) {
        return attempts == 1 ? "once" : attempts + " times";
    }

    private static String time(Instant instant) {
        return DAY_AND_TIME.format(instant);
    }

    private static String capital(Place place) {
        String words = place.toString();
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private void line(int depth, String sentence) {
        text.append("    ".repeat(depth)).append(sentence).append('\n');
    }
}
