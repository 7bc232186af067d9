package io.eda.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What this machine offers: environment variables, programs, jars.
 *
 * @param variables the environment variables
 * @param root the folder that stands for {@code /}
 * @param classes where jars are looked for
 */
record Machine(Map<String, String> variables, Path root, ClassLoader classes) {

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    static Machine current() {
        ClassLoader own = Machine.class.getClassLoader();
        return new Machine(System.getenv(), Path.of("/"), own);
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }

    /** The program of this name on the PATH, or in the folders of the system that a reduced PATH may lack. */
    Optional<Path> program(String name) {
        Stream<Path> onPath = variable("PATH").stream()
                .flatMap(path -> Arrays.stream(path.split(":")))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of);
        Stream<Path> system = Stream.of(
                        "usr/bin", "usr/sbin", "bin", "sbin", "usr/local/bin", "usr/local/sbin", "opt/homebrew/bin")
                .map(root::resolve);
        return Stream.concat(onPath, system)
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * The folders that match {@code parent/glob/child}, the highest name first: {@code usr/lib/postgresql}, {@code *},
     * {@code bin}.
     */
    List<Path> folders(String parent, String glob, String child) {
        Path folder = root.resolve(parent);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry.resolve(child))) {
                    found.add(entry.resolve(child));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + folder + " cannot be listed.", e);
        }
        found.sort(Comparator.comparing(Machine::versionOrder).reversed());
        return found;
    }

    /** As text, version 9 would be higher than version 15: every number is brought to the same length. */
    private static String versionOrder(Path folder) {
        return NUMBER.matcher(folder.toString())
                .replaceAll(number -> "0".repeat(Math.max(0, 10 - number.group().length())) + number.group());
    }

    boolean hasClass(String name) {
        return classes.getResource(name.replace('.', '/') + ".class") != null;
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    static boolean isMac() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac");
    }

    /** Whether the processor is ARM with 64 bits; otherwise it is taken for x86-64. */
    static boolean isArm() {
        String arch = System.getProperty("os.arch", "");
        return arch.equals("aarch64") || arch.startsWith("arm64");
    }
}
