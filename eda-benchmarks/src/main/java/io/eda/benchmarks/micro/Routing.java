package io.eda.benchmarks.micro;

import io.eda.bus.LaneHandOver;
import io.eda.transport.TypePattern;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** From a delivery to whoever handles it: does a subscription want its type, and when does its lane come to it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Routing {

    private final TypePattern word = new TypePattern("order.*");
    private final TypePattern words = new TypePattern("#.created");
    private final LaneHandOver lanes = new LaneHandOver();

    /** One word open. */
    @Benchmark
    public boolean matchWord() {
        return word.matches("order.created");
    }

    /** Any number of words open. */
    @Benchmark
    public boolean matchWords() {
        return words.matches("shop.order.created");
    }

    /** A delivery into the lane of its key, out of it to a worker, and settled; a batch at a time, as they arrive. */
    @Benchmark
    @OperationsPerInvocation(LaneHandOver.BATCH)
    public int laneHandOver() {
        return lanes.handOver();
    }
}
