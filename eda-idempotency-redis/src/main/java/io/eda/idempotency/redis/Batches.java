package io.eda.idempotency.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Requests of one kind: what waits together goes out together, in one call of a script, and is answered each by itself. Nothing waits for
 * others to come: while few are under way a request leaves at once and alone, and a full batch always leaves at once. Thread-safe.
 */
final class Batches {

    // One is on its way while another one is being worked on. More would only be smaller.
    private static final int UNDER_WAY = 2;

    /**
     * One request.
     *
     * @param common the script's argument for all keys; requests with different ones do not go together
     * @param arguments of the script, for its key
     * @param answer takes what the script answers for its key
     * @param alone sends it by itself
     */
    record Entry(Request<?> request, String common, List<String> arguments, LongConsumer answer, Runnable alone) {}

    private final Requests requests;
    private final Script script;
    private final int maxBatch;
    private final Queue<Entry> waiting = new ArrayDeque<>();
    private int underWay;
    private boolean isSending;

    Batches(Requests requests, Script script, int maxBatch) {
        this.requests = requests;
        this.script = script;
        this.maxBatch = maxBatch;
    }

    void add(Entry entry) {
        synchronized (this) {
            waiting.add(entry);
        }
        send();
    }

    private void send() {
        for (List<Entry> batch = next(false); !batch.isEmpty(); batch = next(true)) {
            if (batch.size() == 1) {
                sendAlone(batch.get(0));
            } else {
                sendTogether(batch);
            }
        }
    }

    /**
     * Returns what leaves now, or nothing. One thread sends at a time: where requests fail at once, such as on a closed connection, each
     * would otherwise send the next one from within its own answer, deeper and deeper.
     */
    private synchronized List<Entry> next(boolean isSender) {
        if (isSending && !isSender) {
            return List.of();
        }
        List<Entry> batch = new ArrayList<>();
        if (underWay < UNDER_WAY || waiting.size() >= maxBatch) {
            while (batch.size() < maxBatch && !waiting.isEmpty() && goWith(batch, waiting.element())) {
                Entry entry = waiting.remove();
                if (!entry.request().hasEnded()) {
                    batch.add(entry);
                }
            }
        }
        isSending = !batch.isEmpty();
        underWay += isSending ? 1 : 0;
        return batch;
    }

    private static boolean goWith(List<Entry> batch, Entry next) {
        return batch.isEmpty() || batch.get(0).common().equals(next.common());
    }

    private void sendAlone(Entry entry) {
        var unused = entry.request().future().whenComplete((answer, failure) -> answered());
        entry.alone().run();
    }

    private void sendTogether(List<Entry> batch) {
        Request<List<Long>> together = requests.standingFor(
                batch.stream().map(entry -> entry.request().key()).toArray(String[]::new));
        var unused = together.future().whenComplete((answers, failure) -> {
            if (failure == null) {
                answer(batch, answers);
            } else {
                fail(batch, failure.getCause() == null ? failure : failure.getCause());
            }
            answered();
        });
        AtomicInteger unanswered = new AtomicInteger(batch.size());
        for (Entry entry : batch) {
            var unusedToo = entry.request().future().whenComplete((answer, failure) -> {
                if (unanswered.decrementAndGet() == 0 && !together.hasEnded()) {
                    together.giveUp(new CancellationException("Nobody waits any more"));
                }
            });
        }
        script.callForEach(
                together,
                together::answer,
                Stream.concat(
                                Stream.of(batch.get(0).common()),
                                batch.stream().flatMap(entry -> entry.arguments().stream()))
                        .toArray(String[]::new));
    }

    private static void answer(List<Entry> batch, List<Long> answers) {
        for (int i = 0; i < answers.size(); i++) {
            batch.get(i).answer().accept(answers.get(i));
        }
    }

    private static void fail(List<Entry> batch, Throwable failure) {
        batch.forEach(entry -> entry.request().fail(failure));
    }

    private void answered() {
        synchronized (this) {
            underWay--;
        }
        send();
    }
}
