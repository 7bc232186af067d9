package io.eda.serialization;

import java.util.Arrays;
import java.util.function.Predicate;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** Every feature that the Jackson on the class path has, and its state in a mapper, one a line. */
final class JsonFeatures {

    private JsonFeatures() {}

    static String of(JsonMapper mapper) {
        StringBuilder lines = new StringBuilder();
        append(lines, MapperFeature.values(), mapper::isEnabled);
        append(lines, SerializationFeature.values(), mapper::isEnabled);
        append(lines, DeserializationFeature.values(), mapper::isEnabled);
        // Both configurations hold the features of data types; a reader uses one, a writer the other.
        append(
                lines,
                EnumFeature.values(),
                feature -> same(
                        mapper.deserializationConfig().isEnabled(feature),
                        mapper.serializationConfig().isEnabled(feature)));
        append(
                lines,
                JsonNodeFeature.values(),
                feature -> same(
                        mapper.deserializationConfig().isEnabled(feature),
                        mapper.serializationConfig().isEnabled(feature)));
        append(
                lines,
                DateTimeFeature.values(),
                feature -> same(
                        mapper.deserializationConfig().isEnabled(feature),
                        mapper.serializationConfig().isEnabled(feature)));
        append(lines, StreamReadFeature.values(), mapper::isEnabled);
        append(lines, StreamWriteFeature.values(), mapper::isEnabled);
        JsonFactory factory = mapper.tokenStreamFactory();
        append(lines, TokenStreamFactory.Feature.values(), factory::isEnabled);
        append(lines, JsonReadFeature.values(), feature -> mapper.deserializationConfig()
                .hasFormatFeature(feature));
        append(lines, JsonWriteFeature.values(), feature -> mapper.serializationConfig()
                .hasFormatFeature(feature));
        return lines.toString();
    }

    private static boolean same(boolean reading, boolean writing) {
        if (reading != writing) {
            throw new AssertionError("A feature is set for one direction alone");
        }
        return reading;
    }

    private static <F extends Enum<F>> void append(StringBuilder lines, F[] features, Predicate<F> isEnabled) {
        Arrays.stream(features).sorted((a, b) -> a.name().compareTo(b.name())).forEach(feature -> lines.append(
                        nameOf(feature.getDeclaringClass()))
                .append('.')
                .append(feature.name())
                .append(isEnabled.test(feature) ? " on\n" : " off\n"));
    }

    /** TokenStreamFactory.Feature, not Feature. */
    private static String nameOf(Class<?> type) {
        return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    }
}
