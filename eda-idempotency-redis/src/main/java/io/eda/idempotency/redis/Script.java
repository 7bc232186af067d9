package io.eda.idempotency.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** A script of this module, called by its digest. */
final class Script {

    private final RedisClusterAsyncCommands<String, String> commands;
    private final String body;
    private final String digest;

    private Script(RedisClusterAsyncCommands<String, String> commands, String body) {
        this.commands = commands;
        this.body = body;
        this.digest = commands.digest(body);
    }

    /**
     * Reads the resource {@code name}, to be called through {@code commands}.
     *
     * @param header the flags of the script, for servers that know them, or nothing
     */
    static Script read(String name, String header, RedisClusterAsyncCommands<String, String> commands) {
        try (InputStream in = Script.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The resource " + name + " is missing beside " + Script.class.getName()
                        + ": the jar was repackaged without its resources");
            }
            return new Script(commands, header + new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("The resource " + name + " cannot be read", e);
        }
    }

    /** Calls it as a step of {@code request}, on the request's key; it answers with a number. */
    void call(Request<?> request, LongConsumer answer, String... arguments) {
        this.<Long>call(request, ScriptOutputType.INTEGER, answer::accept, arguments);
    }

    /** Calls it as a step of {@code request}, on the request's key; it answers with a number for each of one. */
    void callForOne(Request<?> request, LongConsumer answer, String... arguments) {
        callForEach(request, answers -> answer.accept(answers.get(0)), arguments);
    }

    /** Calls it as a step of {@code request}, on the request's keys; it answers with a number for each. */
    void callForEach(Request<?> request, Consumer<List<Long>> answers, String... arguments) {
        call(request, ScriptOutputType.MULTI, answers, arguments);
    }

    private <R> void call(Request<?> request, ScriptOutputType type, Consumer<R> answer, String... arguments) {
        String[] keys = request.keys();
        request.step(() -> commands.<R>evalsha(digest, type, keys, arguments), answer, failure -> {
            if (!(failure instanceof RedisNoScriptException)) {
                return false;
            }
            // The server was restarted or flushed, or this node of a cluster never saw the script. Called with
            // its text it runs, and is known to the server from then on.
            request.step(() -> commands.<R>eval(body, type, keys, arguments), answer, refusal -> false);
            return true;
        });
    }
}
