package io.eda.samples.orders.http;

import io.eda.observation.EventLife;
import io.eda.observation.Health;
import io.eda.samples.orders.Operations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What those who run the order system ask. */
final class OperationsRoutes {

    private final Operations operations;

    OperationsRoutes(Operations operations) {
        this.operations = operations;
    }

    /** The life of an event, or of a conversation; with {@code ?as=text} as a story. */
    Reply life(Request request) {
        Optional<EventLife> found = eventId(request.id()).flatMap(operations.lifecycle()::of);
        EventLife life = found.orElseGet(() -> operations.lifecycle().ofConversation(request.id()));
        if (life.events().isEmpty()) {
            return Reply.error(
                    404,
                    "there is no event of the id '" + request.id() + "', and no conversation, behind position "
                            + life.searched().afterPosition());
        }
        boolean isText = request.parameter("as").filter("text"::equals).isPresent();
        return isText ? Reply.plain(life.asText()) : Reply.json(200, LifeJson.of(life));
    }

    Reply health(Request request) {
        List<Health> parts = operations.health().check();
        Health.Status worst = Health.worst(parts);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", worst);
        answer.put("parts", parts);
        return Reply.json(worst == Health.Status.DOWN ? 503 : 200, answer);
    }

    Reply metrics(Request request) {
        return Reply.prometheus(operations.metrics().scrape());
    }

    private static Optional<UUID> eventId(String id) {
        try {
            return Optional.of(UUID.fromString(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
