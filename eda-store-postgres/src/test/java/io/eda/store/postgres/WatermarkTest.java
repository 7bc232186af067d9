package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.store.EventStorageException;
import io.eda.store.postgres.Watermark.Observation;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class WatermarkTest {

    private final Watermark watermark = new Watermark();

    @Test
    void without_writers_everything_committed_is_safe() {
        assertThat(observe(10)).isEqualTo(10);
        assertThat(observe(12)).isEqualTo(12);
    }

    @Test
    void it_stands_while_any_writer_of_its_observation_goes_on() {
        observe(10);

        assertThat(observe(20, "1/1", "2/1")).isEqualTo(10);
        assertThat(observe(30, "2/1", "3/1")).isEqualTo(10);
        assertThat(observe(40, "3/1")).isEqualTo(20);
    }

    @Test
    void writers_that_begin_later_do_not_hold_it_back() {
        assertThat(observe(20, "1/1")).isZero();
        assertThat(observe(30, "1/2")).isEqualTo(20);
        assertThat(observe(40, "1/3")).isEqualTo(30);
        assertThat(observe(50)).isEqualTo(50);
    }

    @Test
    void a_prepared_transaction_under_its_name_after_a_restart_is_still_waited_for() {
        assertThat(observe(20, "1/1", "2/7")).isZero();
        // The server was restarted: 1/1 was prepared and has got this name, 2/7 is gone.
        assertThat(observe(20, "-1/731")).isZero();
        assertThat(observe(30, "-1/731", "2/1")).isZero();
        assertThat(observe(30, "2/1")).isEqualTo(20);
    }

    @Test
    void a_name_that_is_used_again_only_makes_it_wait_longer() {
        assertThat(observe(20, "1/1")).isZero();
        assertThat(observe(20, "1/1", "-1/731")).isZero();
        assertThat(observe(20, "-1/731")).isZero();
        assertThat(observe(25)).isEqualTo(25);
    }

    @Test
    void prepared_transactions_that_come_and_go_do_not_hold_it_for_ever() {
        assertThat(observe(20, "-1/1")).isZero();
        assertThat(observe(30, "-1/2")).isEqualTo(20);
        assertThat(observe(40, "-1/3")).isEqualTo(30);
    }

    @Test
    void events_that_were_lost_are_a_loud_error() {
        observe(20);

        assertThatThrownBy(() -> observe(19))
                .isInstanceOf(EventStorageException.class)
                .hasMessageContaining("20")
                .hasMessageContaining("19");
    }

    private long observe(long committed, String... writers) {
        return watermark.observe(new Observation(committed, Set.of(writers)));
    }
}
