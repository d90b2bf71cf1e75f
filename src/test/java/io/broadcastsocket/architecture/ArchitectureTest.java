package io.broadcastsocket.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.vertx.core.Future;

/** Who may import whom; the tree is the architecture. */
@AnalyzeClasses(packages = "io.broadcastsocket", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.broadcastsocket";

    @ArchTest
    static final ArchRule layers = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("wiring")
            .definedBy(ROOT)
            .layer("transport")
            .definedBy("..transport..")
            .layer("node")
            .definedBy("..node..")
            .layer("config")
            .definedBy("..config..")
            .layer("session")
            .definedBy("..session..")
            .layer("hub")
            .definedBy("..hub..")
            .layer("bus")
            .definedBy("..bus..")
            .layer("broker")
            .definedBy("..broker..")
            .layer("protocol")
            .definedBy("..protocol..")
            .layer("stats")
            .definedBy("..stats..")
            .layer("model")
            .definedBy("..model..")
            .layer("verify")
            .definedBy("..verify..")
            .whereLayer("wiring")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("transport")
            .mayOnlyBeAccessedByLayers("wiring")
            .whereLayer("verify")
            .mayOnlyBeAccessedByLayers("wiring")
            .whereLayer("node")
            .mayOnlyBeAccessedByLayers("wiring", "transport")
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("wiring", "node", "transport", "verify")
            .whereLayer("session")
            .mayOnlyBeAccessedByLayers("wiring", "node", "transport")
            .whereLayer("hub")
            .mayOnlyBeAccessedByLayers("wiring", "transport", "session")
            .whereLayer("bus")
            .mayOnlyBeAccessedByLayers("wiring", "node", "transport", "session")
            .whereLayer("broker")
            .mayOnlyBeAccessedByLayers("wiring", "node", "transport", "session", "hub")
            .whereLayer("protocol")
            .mayOnlyBeAccessedByLayers("wiring", "transport", "session", "hub", "broker", "verify")
            .whereLayer("stats")
            .mayOnlyBeAccessedByLayers("wiring", "node", "transport", "session", "hub");

    @ArchTest
    static final ArchRule noCycles = slices().matching(ROOT + ".(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule adaptersOfTheBrokerAreKnownToTheWiringOnly = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT, "..broker.memory..", "..broker.redis..", "..broker.cluster..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..broker.memory..", "..broker.redis..", "..broker.cluster..");

    @ArchTest
    static final ArchRule adaptersDoNotKnowEachOther =
            slices().matching(ROOT + ".broker.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule theRedisClientStaysInItsAdapter = noClasses()
            .that()
            .resideOutsideOfPackage("..broker.redis..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx.redis..");

    @ArchTest
    static final ArchRule hazelcastStaysInItsAdapter = noClasses()
            .that()
            .resideOutsideOfPackage("..broker.cluster..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.hazelcast..", "io.vertx.spi.cluster..");

    @ArchTest
    static final ArchRule theInsideOfHazelcastIsTouchedInTwoPlaces = noClasses()
            .that()
            .doNotHaveSimpleName("Standing")
            .and()
            .doNotHaveSimpleName("LogProcessor")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "com.hazelcast.internal..", "com.hazelcast.instance.impl..", "com.hazelcast.spi.impl..");

    @ArchTest
    static final ArchRule channelsAndPipelinesOfNettyStayBehindOneFence = noClasses()
            .that()
            .resideOutsideOfPackage("..transport.websocket..")
            .and()
            .doNotHaveSimpleName("ContextLoop")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty.channel..", "io.netty.handler..");

    @ArchTest
    static final ArchRule theInsideOfVertxIsTouchedInTwoPlaces = noClasses()
            .that()
            .doNotHaveSimpleName("LeanPipeline")
            .and()
            .doNotHaveSimpleName("ContextLoop")
            .should()
            .dependOnClassesThat(describe(
                    "are internal to Vert.x",
                    (JavaClass type) -> type.getPackageName().startsWith("io.vertx.core.")
                            && (type.getPackageName().contains(".impl")
                                    || type.getPackageName().contains(".internal"))));

    @ArchTest
    static final ArchRule httpStaysInTheTransport = noClasses()
            .that()
            .resideOutsideOfPackages("..transport..", "..verify.wire..", "..verify.load..", ROOT)
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.vertx.core.http..", "io.vertx.ext.web.."));

    @ArchTest
    static final ArchRule jsonIsReadAndWrittenInTheProtocol = noClasses()
            .that()
            .resideOutsideOfPackage("..protocol..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml..");

    @ArchTest
    static final ArchRule metersStayInStats = noClasses()
            .that()
            .resideOutsideOfPackage("..stats..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", "io.prometheus..");

    @ArchTest
    static final ArchRule theSchemaStaysInConfig = noClasses()
            .that()
            .resideOutsideOfPackage("..config..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx.json.schema..");

    @ArchTest
    static final ArchRule noBags = noClasses()
            .should()
            .resideInAnyPackage(
                    "..util..", "..utils..", "..common..", "..core..", "..impl..", "..misc..", "..helper..");

    @ArchTest
    static final ArchRule noEmptyNames = noClasses()
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveNameMatching(".*(Helper|Utils?|Impl)");

    @ArchTest
    static final ArchRule publicOnlyForOtherPackages = classes()
            .that()
            .areTopLevelClasses()
            .and()
            .areNotAnnotations()
            .and(describe("are neither a way in nor what a test replaces", type -> !type.getSimpleName()
                    .matches("Main|MainVerticle|Loop")))
            .and(describe("are used in their package only", ArchitectureTest::isUsedInItsPackageOnly))
            .should()
            .notHaveModifier(JavaModifier.PUBLIC);

    @ArchTest
    static final ArchRule nothingBlocks = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Future.class, "await")
            .orShould()
            .callMethod(java.util.concurrent.CompletableFuture.class, "join")
            .orShould()
            .callMethod(java.util.concurrent.CompletableFuture.class, "get");

    private static boolean isUsedInItsPackageOnly(JavaClass type) {
        DescribedPredicate<JavaClass> elsewhere =
                describe("is elsewhere", user -> !user.getPackageName().equals(type.getPackageName()));
        return type.getDirectDependenciesToSelf().stream()
                .map(dependency -> dependency.getOriginClass())
                .noneMatch(elsewhere);
    }
}
