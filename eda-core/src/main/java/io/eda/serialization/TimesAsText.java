package io.eda.serialization;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.DelegatingDeserializer;

/**
 * Reads times from ISO-8601 texts alone. Jackson would take a number too, and guess whether it counts seconds or
 * milliseconds; no feature turns that off.
 */
final class TimesAsText extends ValueDeserializerModifier {

    private static final Set<Class<?>> TIMES = Set.of(
            Instant.class,
            OffsetDateTime.class,
            ZonedDateTime.class,
            LocalDateTime.class,
            LocalDate.class,
            LocalTime.class,
            OffsetTime.class,
            Duration.class);

    @Override
    public ValueDeserializer<?> modifyDeserializer(
            DeserializationConfig config, BeanDescription.Supplier bean, ValueDeserializer<?> deserializer) {
        return TIMES.contains(bean.getBeanClass()) ? new FromText(deserializer) : deserializer;
    }

    private static final class FromText extends DelegatingDeserializer {

        private static final Pattern NUMBER_OR_BLANK = Pattern.compile("\\s*[+-]?[0-9.]*\\s*");

        private FromText(ValueDeserializer<?> standard) {
            super(standard);
        }

        @Override
        protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> standard) {
            return new FromText(standard);
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_STRING)
                    || NUMBER_OR_BLANK.matcher(parser.getString()).matches()) {
                return context.reportInputMismatch(
                        handledType(),
                        "a value of %s is no text in ISO-8601 form",
                        handledType().getSimpleName());
            }
            return super.deserialize(parser, context);
        }
    }
}
