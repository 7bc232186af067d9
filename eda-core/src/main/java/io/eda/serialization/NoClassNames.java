package io.eda.serialization;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;

/**
 * Refuses annotations that put class names into the data: whoever can write such data chooses the class that is loaded,
 * and a class that was renamed can never be read again.
 */
final class NoClassNames extends JacksonAnnotationIntrospector {

    @Override
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
        JsonTypeInfo.Value info = super.findPolymorphicTypeInfo(config, annotated);
        if (info != null && isClassName(info.getIdType())) {
            throw InvalidDefinitionException.from(
                    (JsonParser) null,
                    "the annotation @JsonTypeInfo would put class names into the data: give each shape an event of its own",
                    config.constructType(annotated.getRawType()));
        }
        return info;
    }

    private static boolean isClassName(JsonTypeInfo.Id id) {
        return id == JsonTypeInfo.Id.CLASS || id == JsonTypeInfo.Id.MINIMAL_CLASS || id == JsonTypeInfo.Id.CUSTOM;
    }
}
