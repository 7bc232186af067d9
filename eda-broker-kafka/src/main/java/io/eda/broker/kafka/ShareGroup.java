package io.eda.broker.kafka;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What the broker must know of a share group before its first member comes: it holds these settings, and no client does. */
final class ShareGroup {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String FEATURE = "share.version";
    private static final String DELIVERY_LIMIT = "share.delivery.count.limit";
    private static final int DEFAULT_DELIVERY_LIMIT = 5;

    private final Topology topology;
    private final String group;
    private final Map<String, String> wanted;

    ShareGroup(Topology topology, String group, StartingPoint start) {
        this.topology = topology;
        this.group = group;
        this.wanted = Map.of(
                "share.auto.offset.reset",
                reset(start),
                // What a transaction took back is never delivered.
                "share.isolation.level",
                "read_committed");
    }

    static void refuseOffsets(String group, StartingPoint start) {
        if (!start.offsets().isEmpty()) {
            throw new IllegalArgumentException(
                    "The group '" + group
                            + "' is unordered, and a share group cannot begin at given offsets: use earliest, latest or a time");
        }
    }

    private static String reset(StartingPoint start) {
        if (start.isLatest()) {
            return "latest";
        }
        return start.instant()
                .map(instant -> "by_duration:" + Duration.between(instant, Instant.now(Clock.systemUTC())))
                .orElse("earliest");
    }

    /**
     * Sets it up where it is not. Returns after how many deliveries the broker gives a record up. Blocks.
     *
     * @throws UnsupportedVersionException if the broker has no share groups
     */
    int prepare() {
        return topology.ask(LIMIT, admin -> {
            requireShareGroups(admin);
            ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
            Config found = Topology.get(admin.describeConfigs(List.of(resource)).all())
                    .getOrDefault(resource, new Config(List.of()));
            set(admin, resource, found);
            ConfigEntry limit = found.get(DELIVERY_LIMIT);
            return limit == null || limit.value() == null ? DEFAULT_DELIVERY_LIMIT : Integer.parseInt(limit.value());
        });
    }

    private void requireShareGroups(Admin admin) {
        var versions = Topology.get(admin.describeFeatures().featureMetadata()).finalizedFeatures();
        var version = versions.get(FEATURE);
        if (version == null || version.maxVersionLevel() < 1) {
            throw new UnsupportedVersionException(
                    "The group '" + group + "' is unordered, which takes a share group, and"
                            + " the broker has none: its feature " + FEATURE + " is "
                            + (version == null ? "unknown" : version.maxVersionLevel())
                            + ". Use Kafka 4.2 or newer and enable it (kafka-features.sh upgrade --feature share.version=1),"
                            + " or subscribe in order");
        }
    }

    private void set(Admin admin, ConfigResource resource, Config found) {
        Map<String, String> missing = new HashMap<>(wanted);
        missing.entrySet().removeIf(entry -> {
            ConfigEntry now = found.get(entry.getKey());
            return now != null && entry.getValue().equals(now.value());
        });
        // A time is told as a distance from now: once it is set, it stays.
        ConfigEntry reset = found.get("share.auto.offset.reset");
        if (reset != null && String.valueOf(reset.value()).startsWith("by_duration")) {
            missing.remove("share.auto.offset.reset");
        }
        List<AlterConfigOp> changes = new ArrayList<>();
        missing.forEach((name, value) ->
                changes.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)));
        if (!changes.isEmpty()) {
            var unused = Topology.get(
                    admin.incrementalAlterConfigs(Map.of(resource, changes)).all());
        }
    }

    /** Returns {@code failure}, or what explains it where the group is one of the other kind. */
    static Throwable explained(String group, Throwable failure) {
        boolean isOtherKind =
                failure instanceof GroupIdNotFoundException || failure instanceof InconsistentGroupProtocolException;
        return isOtherKind
                ? new IllegalStateException(
                        "The group '" + group
                                + "' is of the other kind at the broker: a group is ordered, or unordered,"
                                + " for as long as the broker remembers it. Use another name, or delete the group",
                        failure)
                : failure;
    }
}
