package io.eda.samples.orders.demo;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, out of the jar for this platform.
 *
 * @param bin the folder with {@code postgres}, {@code initdb} and {@code pg_ctl}
 */
record PostgresProgram(Path bin) {

    /** Unpacks the programs below {@code home}, where they are not there yet. */
    static PostgresProgram unpack(Path home) throws IOException {
        String archive = "postgres-" + system() + "-" + processor() + ".txz";
        URL found = PostgresProgram.class.getResource("/" + archive);
        if (found == null) {
            throw new DemoException("there is no PostgreSQL for this platform (" + archive
                    + "): install one and name it in EDA_POSTGRES_URL");
        }
        Path target = home.resolve("programs").resolve(jarName(found));
        if (!Files.isDirectory(target)) {
            // Unpacked beside and moved into place: who is killed half-way leaves no half PostgreSQL.
            Path fresh = target.resolveSibling("unpacking-" + UUID.randomUUID());
            try (InputStream in = found.openStream()) {
                unpack(in, fresh);
            }
            moveUnlessThere(fresh, target);
        }
        return new PostgresProgram(target.resolve("bin"));
    }

    /** The jar's name has PostgreSQL's version in it. */
    private static String jarName(URL archive) {
        String jar = archive.getPath().substring(0, archive.getPath().indexOf(".jar!"));
        return jar.substring(jar.lastIndexOf('/') + 1);
    }

    private static String system() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
    }

    private static String processor() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
    }

    private static void moveUnlessThere(Path fresh, Path target) throws IOException {
        try {
            Files.move(fresh, target);
        } catch (IOException e) {
            // Another demo was first, and its copy is as good.
            Folders.delete(fresh);
            if (!Files.isDirectory(target)) {
                throw e;
            }
        }
    }

    private static void unpack(InputStream archive, Path folder) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(tar, entry, folder.resolve(entry.getName()));
            }
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path file) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, file);
        boolean isProgram = (entry.getMode() & 0b001_000_000) != 0;
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(isProgram ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
