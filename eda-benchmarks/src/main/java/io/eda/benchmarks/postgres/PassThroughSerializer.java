package io.eda.benchmarks.postgres;

import java.nio.charset.StandardCharsets;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.ChainingConverter;
import org.axonframework.serialization.Converter;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;

/** Axon's way from objects to bytes for payloads that are bytes already, and for metadata that are always empty. */
public final class PassThroughSerializer implements Serializer {

    private static final byte[] NO_METADATA = "{}".getBytes(StandardCharsets.US_ASCII);
    private static final SerializedType EVENT = new SimpleSerializedType(SampleEvents.EVENT_TYPE, "1");
    private static final SerializedType METADATA = new SimpleSerializedType(MetaData.class.getName(), null);

    private final Converter converter = new ChainingConverter();

    @Override
    public <T> SerializedObject<T> serialize(Object object, Class<T> representation) {
        byte[] bytes = object instanceof byte[] data ? data : NO_METADATA;
        return new SimpleSerializedObject<>(
                representation.cast(bytes), representation, typeForClass(object.getClass()));
    }

    @Override
    public <T> boolean canSerializeTo(Class<T> representation) {
        return representation == byte[].class;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Axon leaves it to the caller to know the type.
    public <S, T> T deserialize(SerializedObject<S> object) {
        boolean isEvent = object.getType().getName().equals(EVENT.getName());
        return (T) (isEvent ? object.getData() : MetaData.emptyInstance());
    }

    @Override
    @SuppressWarnings("rawtypes") // As Axon declares it.
    public Class classForType(SerializedType type) {
        return type.getName().equals(EVENT.getName()) ? byte[].class : MetaData.class;
    }

    @Override
    @SuppressWarnings("rawtypes") // As Axon declares it.
    public SerializedType typeForClass(Class type) {
        return type == byte[].class ? EVENT : METADATA;
    }

    @Override
    public Converter getConverter() {
        return converter;
    }
}
