package io.eda.testkit.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The key of a server on 127.0.0.1 and the certificate that it has signed by itself, for tests of TLS; both are of no use after two days.
 *
 * @param keyStore both of them, in PKCS 12, with {@value #PASSWORD}
 * @param certificate the certificate alone, in PEM
 * @param key the key alone, in PEM and without a password
 */
public record SelfSigned(Path keyStore, Path certificate, Path key) {

    /** Opens the key store, and the key in it. */
    public static final String PASSWORD = "changeit";

    private static final String ALIAS = "server";
    private static final long PATIENCE_SECONDS = 60;

    /**
     * Makes a new one, in files below {@code folder}.
     *
     * @throws IllegalStateException if the JDK cannot make it
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public static SelfSigned in(Path folder) throws InterruptedException {
        try {
            Path own = Files.createTempDirectory(folder, "key");
            Path store = own.resolve("server.p12");
            make(store);
            KeyStore made = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            return new SelfSigned(
                    store,
                    pem(own, "CERTIFICATE", made.getCertificate(ALIAS).getEncoded()),
                    pem(
                            own,
                            "PRIVATE KEY",
                            made.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException("A key for a test could not be made in " + folder, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A key for a test could not be read back", e);
        }
    }

    private static void make(Path store) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=IP:127.0.0.1,DNS:localhost",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString()))
                .redirectErrorStream(true)
                .start();
        String output;
        try (InputStream said = keytool.getInputStream()) {
            output = new String(said.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (!keytool.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException("keytool of the JDK could not make a key: " + output);
        }
    }

    private static Path pem(Path folder, String kind, byte[] content) throws IOException {
        String text = "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + kind + "-----\n";
        return Files.writeString(folder.resolve(kind.replace(' ', '-') + ".pem"), text);
    }

    /** Returns what a client is configured with that trusts this certificate alone. */
    public SSLContext trusting() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    ALIAS,
                    KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray())
                            .getCertificate(ALIAS));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException("The key store " + keyStore + " cannot be read", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The certificate in " + keyStore + " cannot be trusted", e);
        }
    }
}
