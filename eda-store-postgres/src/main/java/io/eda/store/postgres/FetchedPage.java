package io.eda.store.postgres;

import io.eda.event.EventRecord;
import io.eda.store.EventPage;
import io.eda.store.StoredEvent;
import java.util.List;

/**
 * A page that has come from the server and is not decoded yet.
 *
 * @param rows its events
 * @param end where it ends
 * @param safe up to where events could be read
 */
record FetchedPage(EventRows rows, long end, long safe) {

    EventPage decode() {
        List<StoredEvent<EventRecord>> events = rows.decode();
        return new EventPage(events, end, safe);
    }
}
