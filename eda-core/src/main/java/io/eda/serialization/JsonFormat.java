package io.eda.serialization;

import java.util.EnumSet;
import java.util.Set;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * The JSON that events are stored in. What is not listed here is off, whatever Jackson's default says today or tomorrow.
 */
final class JsonFormat {

    private static final int MAX_DEPTH = 100;
    private static final int MAX_NAME_LENGTH = 500;
    private static final int MAX_NUMBER_LENGTH = 1_000;

    private static final Set<MapperFeature> MAPPER = EnumSet.of(
            MapperFeature.USE_ANNOTATIONS,
            MapperFeature.INFER_PROPERTY_MUTATORS,
            MapperFeature.INFER_CREATOR_FROM_CONSTRUCTOR_PROPERTIES,
            MapperFeature.INFER_RECORD_GETTERS_FROM_COMPONENTS_ONLY,
            MapperFeature.DETECT_PARAMETER_NAMES,
            MapperFeature.CAN_OVERRIDE_ACCESS_MODIFIERS,
            MapperFeature.REQUIRE_TYPE_ID_FOR_SUBTYPES,
            // The order in which the record declares them: stable, and readable in psql.
            MapperFeature.SORT_CREATOR_PROPERTIES_FIRST);

    private static final Set<SerializationFeature> WRITE = EnumSet.of(
            SerializationFeature.FAIL_ON_SELF_REFERENCES,
            SerializationFeature.WRAP_EXCEPTIONS,
            SerializationFeature.WRITE_EMPTY_JSON_ARRAYS,
            // Equal maps give equal bytes.
            SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS,
            SerializationFeature.FAIL_ON_ORDER_MAP_BY_INCOMPARABLE_KEY);

    private static final Set<DeserializationFeature> READ = EnumSet.of(
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
            DeserializationFeature.FAIL_ON_INVALID_SUBTYPE,
            DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
            DeserializationFeature.FAIL_ON_SUBTYPE_CLASS_NOT_REGISTERED,
            DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS,
            DeserializationFeature.WRAP_EXCEPTIONS);

    private static final Set<EnumFeature> ENUMS = EnumSet.of(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS);

    private static final Set<JsonNodeFeature> TREE = EnumSet.of(
            JsonNodeFeature.READ_NULL_PROPERTIES,
            JsonNodeFeature.WRITE_NULL_PROPERTIES,
            JsonNodeFeature.FAIL_ON_NAN_TO_BIG_DECIMAL_COERCION,
            JsonNodeFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final Set<DateTimeFeature> TIMES = EnumSet.of(DateTimeFeature.WRITE_UTC_AS_OFFSET);

    private static final Set<StreamReadFeature> STREAM_READ = EnumSet.of(
            StreamReadFeature.AUTO_CLOSE_SOURCE,
            StreamReadFeature.STRICT_DUPLICATE_DETECTION,
            StreamReadFeature.USE_FAST_DOUBLE_PARSER,
            StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER);

    private static final Set<StreamWriteFeature> STREAM_WRITE = EnumSet.of(StreamWriteFeature.AUTO_CLOSE_TARGET);

    private static final Set<TokenStreamFactory.Feature> FACTORY = EnumSet.of(
            TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES,
            TokenStreamFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW);

    private static final Set<JsonReadFeature> JSON_READ = EnumSet.noneOf(JsonReadFeature.class);

    private static final Set<JsonWriteFeature> JSON_WRITE = EnumSet.of(
            JsonWriteFeature.QUOTE_PROPERTY_NAMES,
            JsonWriteFeature.WRITE_NAN_AS_STRINGS,
            JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8,
            JsonWriteFeature.WRITE_HEX_UPPER_CASE);

    private JsonFormat() {}

    static JsonMapper mapper(int maxBytes) {
        JsonMapper.Builder builder = JsonMapper.builder(factory(maxBytes));
        for (MapperFeature feature : MapperFeature.values()) {
            builder.configure(feature, MAPPER.contains(feature));
        }
        for (SerializationFeature feature : SerializationFeature.values()) {
            builder.configure(feature, WRITE.contains(feature));
        }
        for (DeserializationFeature feature : DeserializationFeature.values()) {
            builder.configure(feature, READ.contains(feature));
        }
        for (EnumFeature feature : EnumFeature.values()) {
            builder.configure(feature, ENUMS.contains(feature));
        }
        for (JsonNodeFeature feature : JsonNodeFeature.values()) {
            builder.configure(feature, TREE.contains(feature));
        }
        for (DateTimeFeature feature : DateTimeFeature.values()) {
            builder.configure(feature, TIMES.contains(feature));
        }
        for (StreamReadFeature feature : StreamReadFeature.values()) {
            builder.configure(feature, STREAM_READ.contains(feature));
        }
        for (StreamWriteFeature feature : StreamWriteFeature.values()) {
            builder.configure(feature, STREAM_WRITE.contains(feature));
        }
        for (JsonReadFeature feature : JsonReadFeature.values()) {
            builder.configure(feature, JSON_READ.contains(feature));
        }
        for (JsonWriteFeature feature : JsonWriteFeature.values()) {
            builder.configure(feature, JSON_WRITE.contains(feature));
        }
        refuseCoercion(builder);
        builder.addModule(new SimpleModule("times").setDeserializerModifier(new TimesAsText()));
        builder.annotationIntrospector(new NoClassNames());
        // An empty allowance, behind NoClassNames: whatever else would load a class named in the data fails.
        return builder.polymorphicTypeValidator(
                        BasicPolymorphicTypeValidator.builder().build())
                .build();
    }

    /** Without this, a blank text would be read as null and the number 1 as the text "1". */
    private static void refuseCoercion(JsonMapper.Builder builder) {
        builder.withCoercionConfigDefaults(inputs -> inputs.setAcceptBlankAsEmpty(false)
                .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.EmptyArray, CoercionAction.Fail));
        builder.withCoercionConfig(
                LogicalType.Textual, inputs -> inputs.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
    }

    private static JsonFactory factory(int maxBytes) {
        // A pool for all threads, the default, makes two that decode at once half as fast each.
        JsonFactoryBuilder builder = JsonFactory.builder().recyclerPool(JsonRecyclerPools.threadLocalPool());
        for (TokenStreamFactory.Feature feature : TokenStreamFactory.Feature.values()) {
            builder.configure(feature, FACTORY.contains(feature));
        }
        return builder.streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxDocumentLength(maxBytes)
                        .maxStringLength(maxBytes)
                        .maxNameLength(MAX_NAME_LENGTH)
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .build())
                .streamWriteConstraints(StreamWriteConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .build();
    }
}
