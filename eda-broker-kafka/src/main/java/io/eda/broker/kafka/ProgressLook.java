package io.eda.broker.kafka;

import io.eda.broker.kafka.RecordSearch.Found;
import io.eda.broker.kafka.RecordSearch.Place;
import io.eda.broker.kafka.RecordSearch.Stretch;
import io.eda.transport.GroupProgress;
import io.eda.transport.ProgressRequest;
import io.eda.transport.ProgressRequest.Sought;
import io.eda.transport.PublishException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * One question about the progress of a group. A message is looked for in the partition of its key first, and then, because a topic may have
 * grown or its publisher may have had another partitioner, in the others; and among what was redelivered to the group alone, since the group is
 * not done with a message while such a copy waits. For one thread.
 */
final class ProgressLook {

    /** How far the clocks of writers, relays and brokers may differ. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private final ProgressRequest request;
    private final Consumer<byte[], byte[]> reader;
    private final Topology topology;
    private final Destinations destinations;
    private final RecordSearch search;
    private final Deadline deadline;
    private final String redeliveries;
    private final Map<String, List<TopicPartition>> partitions = new HashMap<>();

    ProgressLook(
            ProgressRequest request,
            Consumer<byte[], byte[]> reader,
            Topology topology,
            Destinations destinations,
            RecordSearch search,
            Deadline deadline) {
        this.request = request;
        this.reader = reader;
        this.topology = topology;
        this.destinations = destinations;
        this.search = search;
        this.deadline = deadline;
        this.redeliveries = Destination.redeliveryTo(request.group()).topic();
    }

    List<GroupProgress> answers() {
        Set<TopicPartition> all = Stream.concat(
                        Stream.of(redeliveries),
                        request.messages().stream().flatMap(sought -> topicOf(sought).stream()))
                .flatMap(topic -> partitionsOf(topic).stream())
                .collect(Collectors.toSet());
        Optional<GroupOffsets> offsets = all.isEmpty()
                ? Optional.of(new GroupOffsets(Map.of()))
                : GroupOffsets.of(request.group(), all, reader, topology, deadline);
        return offsets.map(this::answers)
                .orElseGet(() -> Collections.nCopies(request.messages().size(), ofUnknownGroup()));
    }

    private List<GroupProgress> answers(GroupOffsets offsets) {
        List<Sought> sought = request.messages();
        Found again = search.in(stretches(sought, one -> byKey(redeliveries, one), offsets));
        Found first = search.in(stretches(sought, this::byKey, offsets));
        List<Sought> lost =
                sought.stream().filter(one -> first.of(one.id()).isEmpty()).toList();
        Found elsewhere = search.in(stretches(lost, this::butByKey, offsets));
        Looked looked = new Looked(again, first, elsewhere);
        return sought.stream().map(one -> answer(one, looked, offsets)).toList();
    }

    private record Looked(Found again, Found first, Found elsewhere) {

        boolean isCut() {
            return again.isCut() || first.isCut() || elsewhere.isCut();
        }

        List<Place> of(String id) {
            return Stream.of(again, first, elsewhere)
                    .flatMap(found -> found.of(id).stream())
                    .toList();
        }
    }

    private GroupProgress answer(Sought sought, Looked looked, GroupOffsets offsets) {
        Optional<String> topic = topicOf(sought);
        if (topic.isEmpty()) {
            return new GroupProgress.Unknown("no topic that this transport reads can hold it");
        }
        List<Place> places = looked.of(sought.id());
        Optional<Place> waiting =
                places.stream().filter(place -> !offsets.isPast(place)).max(Comparator.comparingLong(Place::offset));
        if (waiting.isPresent()) {
            long next = offsets.next(waiting.get().partition());
            return new GroupProgress.Waiting(
                    waiting.get().offset() - next, stands(waiting.get()) + ", and the group goes on at " + next);
        }
        // Behind what was not looked through a copy may wait that was redelivered.
        if (places.isEmpty() || looked.again().isCut()) {
            return new GroupProgress.Unknown(looked.isCut() ? cut() : nowhere(topic.get(), sought.since()));
        }
        Place last = places.get(places.size() - 1);
        return new GroupProgress.Passed(stands(last) + ", and the group goes on at " + offsets.next(last.partition()));
    }

    private static String stands(Place place) {
        return "it stands at offset " + place.offset() + " of "
                + place.partition().topic() + "/" + place.partition().partition();
    }

    private String cut() {
        return "it was not found among " + request.maxRecords() + " records within " + request.timeout()
                + ", the limits of the search";
    }

    private static String nowhere(String topic, Instant since) {
        return "no record of it is in the topic " + topic + " from " + since
                + " on: retention or compaction has removed it, or it was never published there";
    }

    private GroupProgress ofUnknownGroup() {
        return new GroupProgress.Unknown(
                "its broker has no offsets of '" + request.group()
                        + "': it has none of groups without order, of those that were never there, and of those that were away too long");
    }

    private Map<TopicPartition, Stretch> stretches(
            List<Sought> sought, Function<Sought, List<TopicPartition>> where, GroupOffsets offsets) {
        Map<TopicPartition, Stretch> stretches = new HashMap<>();
        for (Sought one : sought) {
            Instant since = one.since().minus(CLOCKS_DIFFER);
            for (TopicPartition partition : where.apply(one)) {
                Stretch stretch = new Stretch(since, Set.of(one.id()), offsets.next(partition));
                stretches.merge(partition, stretch, Stretch::and);
            }
        }
        return stretches;
    }

    private List<TopicPartition> byKey(Sought sought) {
        return topicOf(sought).map(topic -> byKey(topic, sought)).orElse(List.of());
    }

    // As the driver's own partitioner does it.
    private List<TopicPartition> byKey(String topic, Sought sought) {
        int count = partitionsOf(topic).size();
        return count == 0
                ? List.of()
                : List.of(new TopicPartition(
                        topic, Utils.toPositive(Utils.murmur2(RecordCodec.utf8(sought.key()))) % count));
    }

    private List<TopicPartition> butByKey(Sought sought) {
        List<TopicPartition> known = byKey(sought);
        return topicOf(sought).stream()
                .flatMap(topic -> partitionsOf(topic).stream())
                .filter(partition -> !known.contains(partition))
                .toList();
    }

    private Optional<String> topicOf(Sought sought) {
        try {
            return Optional.of(destinations.of(sought.topic()).topic()).filter(topology::reads);
        } catch (PublishException e) {
            // No legal name: nobody has ever published there.
            return Optional.empty();
        }
    }

    private List<TopicPartition> partitionsOf(String topic) {
        return partitions.computeIfAbsent(topic, name -> {
            var found = reader.partitionsFor(name, deadline.left());
            return found == null
                    ? List.of()
                    : IntStream.range(0, found.size())
                            .mapToObj(partition -> new TopicPartition(name, partition))
                            .toList();
        });
    }
}
