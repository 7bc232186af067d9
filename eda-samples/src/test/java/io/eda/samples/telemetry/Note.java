package io.eda.samples.telemetry;

import io.eda.aggregate.Aggregate;
import io.eda.aggregate.Evolution;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import java.util.List;

/** The smallest domain: notes on which lines are written. Its state is how many. */
record Note(int lines) {

    static final Aggregate<Note, Fact> AGGREGATE = Aggregate.of(
            "note",
            new Note(0),
            Evolution.<Note, Fact>over(Fact.class)
                    .on(Written.class, (note, written) -> new Note(note.lines + 1))
                    .build());

    static JacksonEventSerializer json() {
        return new JacksonEventSerializer(
                EventTypes.builder().add("note.written", Written.class).build());
    }

    static List<Fact> write(Write command, Note note) {
        return switch (command.text()) {
            case "nothing" -> List.of();
            case "refused" -> throw new IllegalArgumentException("This note takes no such line");
            default -> List.of(new Written(command.text()));
        };
    }

    sealed interface Fact {}

    /** A line was written. */
    record Written(String text) implements Fact {}

    /** Write a line. */
    record Write(String noteId, String text) {}
}
