package io.eda.idempotency.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ServerReportTest {

    @ParameterizedTest
    @CsvSource({"6.2.11, false", "7.0.0, true", "7.2.4, true", "10.1, true", "unstable, false"})
    void a_claim_in_one_command_is_asked_only_of_those_who_know_it(String version, boolean isSince7) {
        assertThat(ServerReport.of("# Server\r\nredis_version:" + version + "\r\n")
                        .isSince7())
                .isEqualTo(isSince7);
    }

    @ParameterizedTest
    @CsvSource({
        "8.0.9, false, false",
        "8.1.1, true, false",
        "9.0.0, true, true",
        "10.0.0, true, true",
        "255.255.255, true, true"
    })
    void only_a_valkey_that_compares_by_itself_is_asked_to(String version, boolean sets, boolean deletes) {
        ServerReport report = ServerReport.of("redis_version:7.2.4\r\nvalkey_version:" + version + "\r\n");

        assertThat(report.comparesBeforeSetting()).isEqualTo(sets);
        assertThat(report.comparesBeforeDeleting()).isEqualTo(deletes);
        assertThat(ServerReport.of("redis_version:" + version).comparesBeforeSetting())
                .isFalse();
    }

    @Test
    void a_server_that_tells_nothing_is_taken_for_an_old_one_without_warnings() {
        assertThat(ServerReport.of("").isSince7()).isFalse();
        assertThat(ServerReport.of("").warnings()).isEmpty();
    }

    @Test
    void what_forgets_too_early_is_told_with_what_to_set() {
        ServerReport report = ServerReport.of("maxmemory_policy:allkeys-lru\r\naof_enabled:0\r\nrole:slave\r\n");

        assertThat(report.warnings()).hasSize(3);
        assertThat(report.warnings().get(0)).contains("allkeys-lru", "maxmemory-policy noeviction");
        assertThat(report.warnings().get(1)).contains("appendonly yes");
        assertThat(report.warnings().get(2)).contains("replica");
    }
}
