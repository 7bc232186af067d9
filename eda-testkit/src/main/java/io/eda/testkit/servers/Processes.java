package io.eda.testkit.servers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the JDK does not tell of a process. */
final class Processes {

    private Processes() {}

    /**
     * Whether the process still runs. A killed orphan may stay in the process table for ever where process 1 collects
     * nobody, as in most containers; the JDK calls it alive.
     */
    static boolean isRunning(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        if (!Files.exists(stat)) {
            // macOS has no /proc, and a launchd that collects.
            return process.isAlive();
        }
        try {
            // The state follows the name, which stands in parentheses and may hold any character.
            String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
            char state = line.charAt(line.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException e) {
            // It went away between the two looks.
            return false;
        }
    }
}
