package io.eda.idempotency.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a server says of itself in its INFO, as far as it matters here. */
record ServerReport(Map<String, String> fields) {

    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(\\..*)?");

    /** Reads the answer of INFO: a field a line, after a colon its value. */
    static ServerReport of(String info) {
        Map<String, String> fields = new HashMap<>();
        info.lines().map(String::strip).forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        });
        return new ServerReport(fields);
    }

    /** Returns whether this is Redis 7.0 or any Valkey: SET knows NX together with GET, and scripts have flags. */
    boolean isSince7() {
        return isAtLeast("redis_version", 7, 0);
    }

    /** Returns whether this is Valkey 8.1 or newer: SET knows IFEQ. Redis knows it from 8.4 on, where it was not tested. */
    boolean comparesBeforeSetting() {
        return isAtLeast("valkey_version", 8, 1);
    }

    /** Returns whether this is Valkey 9.0 or newer: it knows DELIFEQ. */
    boolean comparesBeforeDeleting() {
        return isAtLeast("valkey_version", 9, 0);
    }

    private boolean isAtLeast(String field, int wantedMajor, int wantedMinor) {
        Matcher version = VERSION.matcher(field(field).orElse(""));
        if (!version.matches()) {
            return false;
        }
        int major = Integer.parseInt(version.group(1));
        return major > wantedMajor || (major == wantedMajor && Integer.parseInt(version.group(2)) >= wantedMinor);
    }

    /** Returns what is unfit for this store, each with what to do. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        String policy = field("maxmemory_policy").orElse("noeviction");
        if (!policy.equals("noeviction")) {
            warnings.add("This Redis has maxmemory-policy " + policy + ": when its memory is full it forgets handled"
                    + " events before their time, and they can be handled again. Set: maxmemory-policy noeviction. Then a"
                    + " full server refuses claims, and events wait instead.");
        }
        if (field("aof_enabled").orElse("1").equals("0")) {
            warnings.add(
                    "This Redis keeps no append-only file: after a crash it has forgotten what was handled since its"
                            + " last snapshot, and those events can be handled again. Set: appendonly yes (with appendfsync"
                            + " everysec a crash forgets up to a second).");
        }
        if (field("role").orElse("master").equals("slave")) {
            warnings.add("This Redis is a replica: it refuses claims. Connect to the primary, or through Sentinel or"
                    + " Cluster, which follow it.");
        }
        return warnings;
    }

    private Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }
}
