package io.eda.testkit;

import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.projection.CheckpointStore;
import java.util.ArrayList;
import java.util.List;

final class InMemoryCheckpointStoreTest extends CheckpointStoreContract<List<String>> {

    private final List<String> notes = new ArrayList<>();

    @Override
    protected CheckpointStore<List<String>> openStore() {
        return new InMemoryCheckpointStore<>(notes);
    }

    @Override
    protected void write(List<String> context, String note) {
        context.add(note);
    }

    @Override
    protected List<String> notes() {
        return notes;
    }
}
