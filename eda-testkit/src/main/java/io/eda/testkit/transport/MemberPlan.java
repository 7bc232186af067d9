package io.eda.testkit.transport;

import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Who is to join which group, where and how. */
record MemberPlan(
        EventTransport transport,
        String group,
        Set<TypePattern> types,
        int maxInFlight,
        boolean isOrdered,
        Consumer<Delivery> behaviour) {

    MemberPlan on(EventTransport newTransport) {
        return new MemberPlan(newTransport, group, types, maxInFlight, isOrdered, behaviour);
    }

    MemberPlan wanting(String... patterns) {
        Set<TypePattern> wanted =
                Set.of(patterns).stream().map(TypePattern::new).collect(Collectors.toSet());
        return new MemberPlan(transport, group, wanted, maxInFlight, isOrdered, behaviour);
    }

    MemberPlan withMaxInFlight(int messages) {
        return new MemberPlan(transport, group, types, messages, isOrdered, behaviour);
    }

    MemberPlan unordered() {
        return new MemberPlan(transport, group, types, maxInFlight, false, behaviour);
    }

    /** Settles what comes in this way, in the thread that brings it. */
    MemberPlan answering(Consumer<Delivery> newBehaviour) {
        return new MemberPlan(transport, group, types, maxInFlight, isOrdered, newBehaviour);
    }

    /** Settles nothing. */
    MemberPlan holding() {
        return answering(delivery -> {});
    }

    ReceiveRequest request() {
        return new ReceiveRequest(group, types, maxInFlight, isOrdered);
    }
}
