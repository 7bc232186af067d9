package io.eda;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.eda.telemetry.BatchTracingObservationHandler;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** The drawing of the packages, kept by the build. A new package is drawn here first. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ArchitectureTest {

    /** Each package and those that it is drawn upon; what they are drawn upon may be used as well. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("event", Set.of()),
            Map.entry("retry", Set.of()),
            Map.entry("query", Set.of("event")),
            Map.entry("aggregate", Set.of("event")),
            Map.entry("serialization", Set.of("event")),
            Map.entry("idempotency", Set.of("event")),
            Map.entry("transport", Set.of("event")),
            Map.entry("telemetry", Set.of("event")),
            Map.entry("store", Set.of("event", "serialization", "aggregate", "telemetry")),
            Map.entry("command", Set.of("store", "aggregate", "retry")),
            Map.entry("intervention", Set.of()),
            Map.entry("projection", Set.of("store", "retry", "telemetry", "intervention")),
            Map.entry("parking", Set.of("transport")),
            Map.entry(
                    "bus",
                    Set.of(
                            "transport",
                            "serialization",
                            "idempotency",
                            "parking",
                            "retry",
                            "telemetry",
                            "intervention")),
            Map.entry("outbox", Set.of("projection", "store", "transport", "bus", "retry")),
            Map.entry("observation", Set.of("outbox")),
            Map.entry("inmemory", Set.of("store", "projection", "transport", "idempotency", "parking")));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.eda");

    @Test
    void every_package_is_in_the_drawing() {
        assertThat(packages().map(JavaPackage::getRelativeName)).isSubsetOf(ARROWS.keySet());
    }

    @Test
    void a_package_uses_only_what_its_arrows_lead_to() {
        ARROWS.keySet().forEach(name -> {
            String[] forbidden = ARROWS.keySet().stream()
                    .filter(other -> !other.equals(name) && !reachable(name).contains(other))
                    .map(ArchitectureTest::inPackage)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(inPackage(name))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden)
                    .as("io.eda." + name + " uses only " + reachable(name))
                    .allowEmptyShould(true)
                    .check(CLASSES);
        });
    }

    @Test
    void no_contract_knows_its_in_memory_form() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.eda.inmemory..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.eda.inmemory..")
                .check(CLASSES);
    }

    @Test
    void packages_form_no_circle() {
        slices().matching("io.eda.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void jackson_is_known_to_serialization_alone() {
        onlyIn("io.eda.serialization..", "tools.jackson..", "com.fasterxml.jackson..");
    }

    @Test
    void the_generator_of_ids_is_known_to_the_events_alone() {
        onlyIn("io.eda.event..", "com.fasterxml.uuid..");
    }

    @Test
    void tracing_is_known_to_one_class_alone_which_nothing_here_uses() {
        // Without micrometer-tracing on the class path nothing may be loaded that needs it.
        onlyIn("io.eda.telemetry..", "io.micrometer.tracing..");
        String handler = BatchTracingObservationHandler.class.getName();
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(handler)
                .should()
                .dependOnClassesThat(resideInAPackage("io.micrometer.tracing..")
                        .or(describe("the handler", type -> type.getName().equals(handler))))
                .check(CLASSES);
    }

    @Test
    void nothing_carries_an_annotation_of_jackson() {
        Set<String> annotated = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            Stream.concat(Stream.of(type), type.getAllMembers().stream())
                    .filter(ArchitectureTest::hasJacksonAnnotation)
                    .forEach(element -> annotated.add(element.toString()));
        }
        assertThat(annotated).isEmpty();
    }

    @Test
    void every_package_is_null_marked() {
        assertThat(packages().filter(p -> !p.isAnnotatedWith(NullMarked.class)).map(JavaPackage::getName))
                .as("packages whose package-info lacks @NullMarked")
                .isEmpty();
    }

    @Test
    void no_class_is_named_after_what_it_is_not() {
        noClasses()
                .should()
                .haveNameMatching(".*[.$]([A-Za-z0-9]*(Manager|Helper|Utils?|Impl)|(Abstract|Base)[A-Z][A-Za-z0-9]*)")
                .because("a name is the field's own word for the thing")
                .check(CLASSES);
    }

    private static void onlyIn(String home, String... library) {
        ArchRule rule = noClasses()
                .that()
                .resideOutsideOfPackage(home)
                .should()
                .dependOnClassesThat(resideInAnyPackage(library));
        rule.check(CLASSES);
        assertThat(CLASSES.that(resideInAPackage(home)).stream()
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .anyMatch(dependency -> resideInAnyPackage(library).test(dependency.getTargetClass())))
                .as("%s uses %s, or this rule guards nothing", home, String.join(", ", library))
                .isTrue();
    }

    private static Stream<JavaPackage> packages() {
        return CLASSES.getPackage("io.eda").getSubpackagesInTree().stream()
                .filter(p -> !p.getClasses().isEmpty());
    }

    private static Set<String> reachable(String name) {
        return ARROWS.get(name).stream()
                .flatMap(next -> Stream.concat(Stream.of(next), reachable(next).stream()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String inPackage(String name) {
        return "io.eda." + name + "..";
    }

    private static boolean hasJacksonAnnotation(CanBeAnnotated element) {
        return element.isAnnotatedWith(describe(
                "an annotation of Jackson",
                (JavaAnnotation<?> annotation) ->
                        annotation.getRawType().getPackageName().contains(".jackson.")));
    }
}
