package io.eda.benchmarks.postgres;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.axonframework.common.infra.ComponentDescriptor;
import org.axonframework.conversion.Converter;

/** Axon's way from objects to bytes and back for payloads that are bytes already, and for metadata that are always empty. */
enum PassThroughConverter implements Converter {
    INSTANCE;

    private static final byte[] NO_METADATA = "{}".getBytes(StandardCharsets.US_ASCII);

    @Override
    public boolean canConvert(Type source, Type target) {
        return true;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Axon leaves it to the caller to know the type.
    public <T> T convert(Object input, Type target) {
        boolean isBytes = target == byte[].class;
        Object output = isBytes ? input instanceof byte[] ? input : NO_METADATA : Map.of();
        return (T) output;
    }

    @Override
    public void describeTo(ComponentDescriptor descriptor) {
        descriptor.describeProperty("converts", "nothing");
    }
}
