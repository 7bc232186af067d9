package io.eda.idempotency.redis;

import io.lettuce.core.CompareCondition;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What acts only while a token holds its claim. Scripts do that on every server; a server that compares by itself is asked in one command
 * of its own. Where it refuses that, the script is asked instead: it may run when memory is short, and needs other rights.
 */
final class IfHeld {

    /** Valkey 9: deletes a key that holds a value. */
    private static final ProtocolKeyword DELIFEQ = new ProtocolKeyword() {
        @Override
        public byte[] getBytes() {
            return toString().getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public String toString() {
            return "DELIFEQ";
        }
    };

    private final RedisClusterAsyncCommands<String, String> commands;
    private final Script complete;
    private final Script renew;
    private final Script release;
    private volatile boolean isSetKnown;
    private volatile boolean isDeleteKnown;

    IfHeld(RedisClusterAsyncCommands<String, String> commands, List<ServerReport> servers) {
        this.commands = commands;
        // A completion takes less room than its claim: a server that is out of memory must not refuse it, or an effect
        // that happened would happen again.
        boolean hasFlags = servers.stream().allMatch(ServerReport::isSince7);
        this.complete = Script.read("complete.lua", hasFlags ? "#!lua flags=allow-oom\n" : "", commands);
        this.renew = Script.read("renew.lua", "", commands);
        this.release = Script.read("release.lua", "", commands);
        this.isSetKnown = servers.stream().allMatch(ServerReport::comparesBeforeSetting);
        this.isDeleteKnown = servers.stream().allMatch(ServerReport::comparesBeforeDeleting);
    }

    /** Completes any number of claims. */
    Script completion() {
        return complete;
    }

    /** Makes the claim {@code pending} the completion {@code number}; the same completion again is answered as the first one. */
    void complete(Request<Boolean> request, String pending, String number, long retentionMillis) {
        Runnable byScript = () -> complete.callForOne(
                request, answer -> request.answer(answer == 1), Long.toString(retentionMillis), pending, number);
        if (!isSetKnown) {
            byScript.run();
            return;
        }
        request.step(
                () -> commands.setGet(request.key(), number, where(pending).px(retentionMillis)),
                (@Nullable String held) -> request.answer(pending.equals(held) || number.equals(held)),
                failure -> goOn(failure, byScript));
    }

    /** Lets the claim {@code pending} end in so many milliseconds from now. */
    void renew(Request<Boolean> request, String pending, long leaseMillis) {
        Runnable byScript = () -> call(renew, request, pending, Long.toString(leaseMillis));
        if (!isSetKnown) {
            byScript.run();
            return;
        }
        request.step(
                () -> commands.set(request.key(), pending, where(pending).px(leaseMillis)),
                (@Nullable String answer) -> request.answer(answer != null),
                failure -> goOn(failure, byScript));
    }

    /** Gives up the claim {@code pending}. */
    void release(Request<Boolean> request, String pending) {
        Runnable byScript = () -> call(release, request, pending);
        if (!isDeleteKnown) {
            byScript.run();
            return;
        }
        request.step(
                () -> commands.dispatch(
                        DELIFEQ,
                        new IntegerOutput<>(StringCodec.UTF8),
                        new CommandArgs<>(StringCodec.UTF8)
                                .addKey(request.key())
                                .addValue(pending)),
                (Long deleted) -> request.answer(deleted == 1),
                failure -> goOn(failure, byScript));
    }

    private static SetArgs where(String pending) {
        return SetArgs.Builder.compareCondition(CompareCondition.valueEq(pending));
    }

    private static void call(Script script, Request<Boolean> request, String... arguments) {
        script.call(request, answer -> request.answer(answer == 1), arguments);
    }

    /** Nothing was done by a command that was refused, so the script may begin anew. */
    private boolean goOn(Throwable failure, Runnable byScript) {
        if (!(failure instanceof RedisCommandExecutionException)) {
            return false;
        }
        String message = String.valueOf(failure.getMessage());
        if (message.contains("syntax error") || message.contains("unknown command")) {
            // A fail-over to an older server.
            isSetKnown = false;
            isDeleteKnown = false;
        }
        byScript.run();
        return true;
    }
}
