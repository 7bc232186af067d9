package io.eda.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How to run a program that refuses to run as root, which PostgreSQL does: as itself where this JVM is not root.
 *
 * @param prefix what stands before the command
 * @param owner who must own the program's data
 */
record Unprivileged(List<String> prefix, Optional<UserPrincipal> owner) {

    /** The way that works on this machine for data in {@code folder} and programs in {@code bin}. */
    static Unprivileged find(Machine machine, Path folder, Path bin) {
        if (!Machine.isRoot()) {
            return new Unprivileged(List.of(), Optional.empty());
        }
        Optional<Path> setpriv = machine.program("setpriv");
        Optional<UserPrincipal> user = user("postgres", folder).or(() -> user("nobody", folder));
        if (setpriv.isPresent() && user.isPresent() && isOpen(folder) && isOpen(bin)) {
            String name = user.get().getName();
            return new Unprivileged(
                    List.of(
                            setpriv.get().toString(),
                            "--reuid=" + name,
                            "--regid=" + groupOf(name),
                            "--clear-groups",
                            "--inh-caps=-all"),
                    user);
        }
        // In a user namespace of its own the program sees itself as nobody, and may do what root's files allow root:
        // no folder has to be opened for others. Containers often forbid it, so it comes second.
        Optional<Path> unshare = machine.program("unshare");
        if (unshare.isPresent() && canUnshare(unshare.get())) {
            return new Unprivileged(List.of(unshare.get().toString(), "-U"), Optional.empty());
        }
        throw new IllegalStateException("PostgreSQL refuses to run as root, and there is no way to run it as anybody "
                + "else: that takes 'setpriv' with every folder above " + folder + " and " + bin
                + " open to others (chmod o+x), or 'unshare -U'. Do: apt-get install -y util-linux, "
                + "or run the tests as another user than root.");
    }

    private static Optional<UserPrincipal> user(String name, Path folder) {
        try {
            return Optional.of(
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name));
        } catch (UserPrincipalNotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("The user " + name + " cannot be looked up.", e);
        }
    }

    private static String groupOf(String user) {
        return Commands.runOrFail(List.of("id", "-g", user), Map.of(), Duration.ofSeconds(10))
                .strip();
    }

    /** Whether everybody may pass through this folder and all above it. */
    private static boolean isOpen(Path folder) {
        return Stream.iterate(folder.toAbsolutePath(), path -> path != null, Path::getParent)
                .allMatch(Unprivileged::isOpenItself);
    }

    private static boolean isOpenItself(Path folder) {
        try {
            return Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE);
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + folder + " cannot be looked at.", e);
        }
    }

    private static boolean canUnshare(Path unshare) {
        return Commands.run(List.of(unshare.toString(), "-U", "true"), Map.of(), Duration.ofSeconds(10))
                        .status()
                == 0;
    }
}
