package io.eda.samples.orders.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Runs programs; and PostgreSQL's, which refuse root, as somebody else where this program runs as root. */
final class Commands {

    private static final String NOBODY = "65534";

    private Commands() {}

    /** Runs the command to its end. */
    static void run(List<String> command) throws InterruptedException {
        String what = String.join(" ", command.subList(0, Math.min(4, command.size()))) + " …";
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new DemoException("'" + what + "' failed: "
                        + output.strip().replaceAll("\\s*\\R\\s*", " | ")
                        + " (EDA_POSTGRES_URL can name another PostgreSQL)");
            }
        } catch (IOException e) {
            throw new DemoException("'" + what + "' cannot be run: " + e.getMessage(), e);
        }
    }

    /** Returns what stands before PostgreSQL's commands, and lets the user it means own {@code data}. */
    static List<String> unprivileged(Path data) throws InterruptedException {
        if (!System.getProperty("user.name").equals("root")) {
            return List.of();
        }
        // In a user namespace of its own the program is nobody, and may still do what root's files allow.
        if (works("unshare", "-U", "true")) {
            return List.of("unshare", "-U");
        }
        // Containers often forbid that. A real nobody needs folders that are open to all.
        List<String> nobody =
                List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--inh-caps=-all");
        run(List.of("chown", "-R", NOBODY + ":" + NOBODY, data.toString()));
        if (!works(Stream.concat(nobody.stream(), Stream.of("test", "-w", data.toString()))
                .toArray(String[]::new))) {
            throw new DemoException("PostgreSQL refuses root, and nobody else can reach " + data
                    + ": run this as another user, put the data elsewhere with --data, or open the folders above"
                    + " with chmod o+x");
        }
        return nobody;
    }

    /** Returns both as one command. */
    static List<String> join(List<String> prefix, List<String> command) {
        return Stream.concat(prefix.stream(), command.stream()).toList();
    }

    private static boolean works(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            // There is no such program.
            return false;
        }
    }
}
