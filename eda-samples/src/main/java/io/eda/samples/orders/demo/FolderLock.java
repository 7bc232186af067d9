package io.eda.samples.orders.demo;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Shows that a folder is in use. The system takes the lock away when the process dies, however it dies. */
record FolderLock(FileChannel file) implements AutoCloseable {

    /** Takes the folder, or answers nothing where another process has it. */
    static Optional<FolderLock> take(Path folder) throws IOException {
        Files.createDirectories(folder);
        FileChannel file =
                FileChannel.open(folder.resolve("in-use"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = file.tryLock();
            if (lock != null) {
                return Optional.of(new FolderLock(file));
            }
        } catch (OverlappingFileLockException e) {
            // Somebody else in this process has it.
            file.close();
            return Optional.empty();
        }
        file.close();
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
