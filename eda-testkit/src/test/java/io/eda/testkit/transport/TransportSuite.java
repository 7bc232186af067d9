package io.eda.testkit.transport;

import io.eda.testkit.SabotagedSuite;
import io.eda.testkit.Saboteur;
import io.eda.transport.EventTransport;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The suite for transports over what a saboteur makes of a connection. */
public final class TransportSuite extends LocalBrokerContract
        implements SabotagedSuite<Function<LocalBroker, EventTransport>> {

    private Function<LocalBroker, EventTransport> connecting = LocalBroker::connect;

    /** Returns the saboteurs of this suite. */
    public static Stream<Saboteur> saboteurs() {
        return Stream.of(
                        PublishSaboteurs.all(),
                        GroupSaboteurs.all(),
                        SettleSaboteurs.all(),
                        OrderSaboteurs.all(),
                        LetterSaboteurs.all(),
                        TransactionSaboteurs.all(),
                        FaultSaboteurs.all())
                .flatMap(List::stream);
    }

    /** Returns what does nothing. */
    public static Object doingNothing() {
        Function<LocalBroker, EventTransport> nothing = broker -> new DoingNothing();
        return nothing;
    }

    /** Returns a saboteur of a connection. */
    static Saboteur saboteur(
            Class<?> group,
            String name,
            String breaks,
            String catcher,
            Function<LocalBroker, EventTransport> connecting) {
        return new Saboteur(TransportSuite.class, group, name, breaks, catcher, connecting);
    }

    @Override
    public void isGiven(Function<LocalBroker, EventTransport> given) {
        connecting = given;
    }

    @Override
    protected EventTransport openTransport() {
        return connecting.apply(broker());
    }

    // A saboteur is waited for in vain: the shorter, the sooner the run is over.
    @Override
    protected Duration patience() {
        return Duration.ofSeconds(1);
    }

    @Override
    protected Duration quiet() {
        return Duration.ofMillis(50);
    }
}
