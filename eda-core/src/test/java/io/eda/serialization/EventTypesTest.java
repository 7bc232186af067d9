package io.eda.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.eda.event.EventType;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EventTypesTest {

    record UserCreated(String name) {}

    record UserRenamed(String name) {}

    @Test
    void a_name_that_is_no_fact_is_refused_with_a_proposal() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventTypes.builder().add("createUser", UserCreated.class))
                .withMessageContaining("an event is a fact in the past tense; did you mean 'user.created'?");
    }

    @Test
    void one_name_for_two_classes_is_refused_in_any_version() {
        EventTypes.Builder builder = EventTypes.builder().add("user.created", UserCreated.class);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.add("user.created", 2, UserRenamed.class, upcast -> {}))
                .withMessage("The event 'user.created' is in the catalogue already: an event has one class, of its"
                        + " current version; older versions are upcast");
    }

    @Test
    void one_class_for_two_names_is_refused() {
        EventTypes.Builder builder = EventTypes.builder().add("user.created", UserCreated.class);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.add("user.renamed", UserCreated.class))
                .withMessage(UserCreated.class.getName() + " is the class of 'user.created' already: give"
                        + " 'user.renamed' a class of its own");
    }

    @Test
    void a_version_below_1_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventTypes.builder().add("user.created", 0, UserCreated.class, upcast -> {}))
                .withMessageContaining("versions of an event's shape start at 1");
    }

    @Test
    void an_upcaster_that_leads_nowhere_is_refused_when_the_catalogue_is_built() {
        EventTypes.Builder builder = EventTypes.builder()
                .add("user.created", 3, UserCreated.class, upcast -> upcast.from(1, UnaryOperator.identity()));

        assertThatIllegalStateException()
                .isThrownBy(builder::build)
                .withMessage("The upcaster from 'user.created' leads to 'user.created.v2', which is neither current nor"
                        + " upcast further: add that class or the missing upcaster");
    }

    @Test
    void an_upcaster_from_a_current_type_is_refused() {
        EventTypes.Builder builder = EventTypes.builder()
                .add("user.created", 2, UserCreated.class, upcast -> upcast.from(1, UnaryOperator.identity())
                        .from(2, UnaryOperator.identity()));

        assertThatIllegalStateException()
                .isThrownBy(builder::build)
                .withMessage("There is an upcaster from 'user.created.v2', which is current: raise the version of its"
                        + " class, or remove the upcaster");
    }

    @Test
    void upcasters_in_a_circle_are_refused() {
        EventType first = EventType.of("user.added");
        EventType second = EventType.of("user.joined");
        EventTypes.Builder builder = EventTypes.builder()
                .upcast(first, second, UnaryOperator.identity())
                .upcast(second, first, UnaryOperator.identity());

        assertThatIllegalStateException()
                .isThrownBy(builder::build)
                .withMessageStartingWith(
                        "The upcasters lead in a circle: [user.added, user.joined] and again user.added");
    }

    @Test
    void an_upcaster_to_its_own_type_is_a_circle() {
        EventType type = EventType.of("user.added");
        EventTypes.Builder builder = EventTypes.builder().upcast(type, type, UnaryOperator.identity());

        assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining("in a circle");
    }

    @Test
    void two_upcasters_from_one_type_are_refused() {
        EventTypes.Builder builder = EventTypes.builder()
                .upcast(EventType.of("user.added"), EventType.of("user.created"), UnaryOperator.identity());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.upcast(EventType.of("user.added"), Set.of(), json -> List.of()))
                .withMessage("There is an upcaster from 'user.added' already: an old type has one future");
    }

    @Test
    void a_class_that_is_not_in_the_catalogue_is_named_with_the_line_that_adds_it() {
        EventTypes types = EventTypes.builder().build();

        assertThatExceptionOfType(EventSerializationException.class)
                .isThrownBy(() -> types.typeOf(UserCreated.class))
                .withMessage("The catalogue has no event type for " + UserCreated.class.getName()
                        + ". Add it: EventTypes.builder().add(\"user.created\", UserCreated.class)");
    }

    @Test
    void a_name_can_be_allowed_on_purpose_and_allows_no_other() {
        EventTypes.Builder builder =
                EventTypes.builder().allowName("createUser").add("createUser", UserCreated.class);

        assertThat(builder.build().typeOf(UserCreated.class)).isEqualTo(EventType.of("createUser"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.add("renameUser", UserRenamed.class));
    }

    @Test
    void an_old_name_needs_no_allowance_because_it_is_history() {
        EventTypes types = EventTypes.builder()
                .add("user.created", UserCreated.class)
                .upcast(EventType.of("createUser"), EventType.of("user.created"), UnaryOperator.identity())
                .build();

        assertThat(types.namesOf(List.of(UserCreated.class))).containsExactly("createUser", "user.created");
    }

    @Test
    void the_names_of_a_class_are_todays_and_all_that_lead_to_it_over_any_number_of_steps() {
        EventTypes types = EventTypes.builder()
                .add("user.created", 2, UserCreated.class, upcast -> upcast.from(1, UnaryOperator.identity()))
                .add("user.renamed", UserRenamed.class)
                .upcast(EventType.of("user.added"), EventType.of("user.joined"), UnaryOperator.identity())
                .upcast(EventType.of("user.joined"), EventType.of("user.created"), UnaryOperator.identity())
                .upcast(
                        EventType.of("user.changed"),
                        Set.of(EventType.of("user.renamed"), EventType.of("user.joined")),
                        json -> List.of())
                .upcast(EventType.of("user.pinged"), Set.of(), json -> List.of())
                .build();

        assertThat(types.namesOf(List.of(UserCreated.class)))
                .containsExactly("user.added", "user.changed", "user.created", "user.joined");
        assertThat(types.namesOf(List.of(UserRenamed.class))).containsExactly("user.changed", "user.renamed");
    }

    @Test
    void a_later_change_of_the_builder_does_not_reach_a_built_catalogue() {
        EventTypes.Builder builder = EventTypes.builder().add("user.created", UserCreated.class);
        EventTypes types = builder.build();

        builder.add("user.renamed", UserRenamed.class);

        assertThatExceptionOfType(EventSerializationException.class).isThrownBy(() -> types.typeOf(UserRenamed.class));
    }
}
