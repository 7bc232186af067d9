package io.eda.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SpreadTest {

    @Test
    void no_round_has_no_median() {
        assertThatIllegalArgumentException()
                .isThrownBy(Spread::of)
                .withMessage("No value has no median: measure at least one round");
    }

    @Test
    void the_median_of_five_is_the_third() {
        assertThat(Spread.of(9, 1, 1_000, 7, 3)).isEqualTo(new Spread(7, 1, 1_000));
    }

    @Test
    void the_median_of_four_lies_between_the_second_and_the_third() {
        assertThat(Spread.of(4, 1, 2, 100)).isEqualTo(new Spread(3, 1, 100));
    }

    @Test
    void one_round_is_its_own_median() {
        assertThat(Spread.of(5)).isEqualTo(new Spread(5, 5, 5));
    }
}
