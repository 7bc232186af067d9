package io.eda.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.observation.EventLife;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The code of the guide to an event's life prints what the guide says. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class EventLifeGuideTest {

    @Test
    void it_tells_the_life_of_an_order() throws Exception {
        try (EventLifeGuide guide = new EventLifeGuide()) {
            EventLife life = guide.lifeOfAnOrder();
            assertThat(life.asText())
                    .contains("order.created of order/A-1, version 1, was decided because of")
                    .contains("The relay 'relay' has published it: its checkpoint is at 1.")
                    .contains("The projection 'order_views' has handled it: its checkpoint is at 1.");
            assertThat(EventLifeGuide.stuck(life)).isEmpty();
        }
    }
}
