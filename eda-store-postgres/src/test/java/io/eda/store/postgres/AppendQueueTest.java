package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.store.ExpectedVersion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AppendQueueTest {

    private final AppendQueue queue = new AppendQueue(100, 1_000_000, 2);

    @Test
    void a_caller_sends_for_itself_while_appends_come_one_at_a_time() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            PendingAppend alone = pending("ada");
            assertThat(queue.enter(alone, true)).isTrue();
            queue.done(List.of(alone));
        }
    }

    @Test
    void behind_a_batch_callers_leave_it_to_a_lane_until_one_comes_alone() throws InterruptedException {
        assertThat(queue.enter(pending("ada"), false)).isFalse();
        assertThat(queue.enter(pending("bob"), false)).isFalse();
        List<PendingAppend> two = queue.take();
        assertThat(two).hasSize(2);
        queue.done(two);

        assertThat(queue.enter(pending("ada"), true)).isFalse();
        List<PendingAppend> one = queue.take();
        queue.done(one);
        assertThat(queue.enter(pending("ada"), true)).isTrue();
    }

    private static PendingAppend pending(String account) {
        return PendingAppend.of(
                Events.append(account, ExpectedVersion.any(), 1),
                System.nanoTime() + Duration.ofMinutes(1).toNanos());
    }
}
