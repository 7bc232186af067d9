package io.eda.broker.kafka;

import io.eda.testkit.servers.KafkaServer;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.SelfSigned;
import io.eda.testkit.servers.ServerOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/** A broker with a second listener: TLS with a certificate made for this run, and users with passwords. */
record SecureKafka(KafkaServer server, String bootstrap, Path trusted) implements AutoCloseable {

    static final String USER = "ada";
    static final String PASSWORD = "correct horse";

    static SecureKafka start(Path folder) throws Exception {
        SelfSigned keys = SelfSigned.in(folder);
        int port = RealServers.freePort();
        int secure = RealServers.freePort();
        KafkaServer server = RealServers.dedicatedKafka(options(port, secure, keys));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
            var credentials = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(USER, credentials, PASSWORD)))
                    .all()
                    .get();
        }
        return new SecureKafka(server, "127.0.0.1:" + secure, keys.certificate());
    }

    private static ServerOptions options(int port, int secure, SelfSigned keys) {
        int controller = RealServers.freePort();
        String listener = "listener.name.secure.";
        return ServerOptions.from(ServerOptions.Source.JAR)
                .withPort(port)
                .withSetting("controller.quorum.voters", "1@127.0.0.1:" + controller)
                .withSetting(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:" + port + ",SECURE://127.0.0.1:" + secure + ",CONTROLLER://127.0.0.1:"
                                + controller)
                .withSetting("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port + ",SECURE://127.0.0.1:" + secure)
                .withSetting(
                        "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT")
                .withSetting("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512")
                .withSetting(
                        listener + "plain.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required user_" + USER + "=\""
                                + PASSWORD + "\";")
                .withSetting(
                        listener + "scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;")
                .withSetting(listener + "ssl.keystore.type", "PKCS12")
                .withSetting(listener + "ssl.keystore.location", keys.keyStore().toString())
                .withSetting(listener + "ssl.keystore.password", SelfSigned.PASSWORD)
                .withSetting(listener + "ssl.key.password", SelfSigned.PASSWORD);
    }

    /** Returns the properties of a client that trusts this broker's certificate. */
    Map<String, Object> client(String mechanism, String password) {
        String module = mechanism.equals("PLAIN")
                ? "org.apache.kafka.common.security.plain.PlainLoginModule"
                : "org.apache.kafka.common.security.scram.ScramLoginModule";
        Map<String, Object> client = new HashMap<>();
        client.put("bootstrap.servers", bootstrap);
        client.put("security.protocol", "SASL_SSL");
        client.put("sasl.mechanism", mechanism);
        client.put("sasl.jaas.config", module + " required username=\"" + USER + "\" password=\"" + password + "\";");
        client.put("ssl.truststore.type", "PEM");
        client.put("ssl.truststore.location", trusted.toString());
        return client;
    }

    @Override
    public void close() {
        server.close();
    }
}
