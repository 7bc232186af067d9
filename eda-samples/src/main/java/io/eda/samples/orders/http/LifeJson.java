package io.eda.samples.orders.http;

import io.eda.bus.FailedAttempts;
import io.eda.intervention.Intervention;
import io.eda.observation.EventFacts;
import io.eda.observation.EventLife;
import io.eda.observation.LivedEvent;
import io.eda.observation.Outcome;
import io.eda.observation.Passage;
import io.eda.observation.Reaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The life of an event as what a JSON mapper writes. */
final class LifeJson {

    private LifeJson() {}

    static Map<String, Object> of(EventLife life) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("correlationId", life.correlationId());
        json.put("causes", life.causes().stream().map(LifeJson::facts).toList());
        json.put("events", life.events().stream().map(LifeJson::event).toList());
        json.put("searched", life.searched());
        return json;
    }

    private static Map<String, Object> facts(EventFacts facts) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("eventId", facts.eventId());
        json.put("eventType", facts.eventType().toString());
        json.put("aggregateId", facts.aggregateId().toString());
        json.put("aggregateVersion", facts.aggregateVersion());
        json.put("decidedAt", facts.decidedAt());
        json.put("position", facts.position());
        json.put("causationId", facts.causationId());
        return json;
    }

    private static Map<String, Object> event(LivedEvent event) {
        Map<String, Object> json = facts(event.facts());
        json.put("isVisible", event.isVisible());
        json.put("passages", event.passages().stream().map(LifeJson::passage).toList());
        json.put(
                "interventions",
                event.interventions().stream().map(LifeJson::intervention).toList());
        json.put("reactions", event.reactions().stream().map(LifeJson::reaction).toList());
        return json;
    }

    private static Map<String, Object> passage(Passage passage) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(
                "place",
                lowerCase(passage.place().kind()) + " " + passage.place().name());
        json.put("outcome", nameOf(passage.outcome()));
        if (!(passage.outcome() instanceof Outcome.NotWanted)) {
            json.put("details", passage.outcome());
        }
        passage.failures().ifPresent(failures -> json.put("failures", failures(failures)));
        return json;
    }

    private static Map<String, Object> failures(FailedAttempts failures) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("attempts", failures.attempts());
        json.put("error", failures.error());
        json.put("first", failures.first());
        json.put("last", failures.last());
        json.put("state", lowerCase(failures.state()));
        return json;
    }

    private static Map<String, Object> intervention(Intervention asked) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", asked.at());
        json.put("action", lowerCase(asked.action()));
        json.put("place", lowerCase(asked.site()) + " " + asked.name());
        return json;
    }

    private static Map<String, Object> reaction(Reaction reaction) {
        List<Map<String, Object>> events =
                reaction.events().stream().map(LifeJson::event).toList();
        return Map.of("commandId", reaction.commandId(), "step", reaction.step(), "events", events);
    }

    // The names of the choices are the names that people read in the documentation: Passed, NotYet, Unknown …
    private static String nameOf(Outcome outcome) {
        return outcome.getClass().getSimpleName();
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
