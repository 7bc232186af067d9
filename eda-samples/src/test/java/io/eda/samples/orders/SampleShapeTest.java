package io.eda.samples.orders;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.eda.samples.orders.inventory.InventoryReactions;
import io.eda.samples.orders.notification.NotificationReactions;
import io.eda.samples.orders.order.OrderReactions;
import io.eda.samples.orders.payment.PaymentReactions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SampleShapeTest {

    private static final String HERE = "io.eda.samples.orders";

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(HERE);

    @Test
    void services_know_events_and_no_other_service() {
        slices().matching(HERE + ".(order|inventory|payment|notification)..")
                .should()
                .notDependOnEachOther()
                .check(classes);
    }

    @Test
    void packages_have_no_cycle() {
        slices().matching(HERE + ".(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void decisions_know_nothing_of_the_framework_but_what_an_aggregate_is() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAnyPackage(HERE + ".order", HERE + ".inventory", HERE + ".payment")
                .and()
                .doNotBelongToAnyOf(
                        OrderReactions.class,
                        InventoryReactions.class,
                        PaymentReactions.class,
                        NotificationReactions.class)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.eda.bus..", "io.eda.command..", "io.eda.store..", "io.eda.serialization..", "java.sql..")
                .check(classes);
    }
}
