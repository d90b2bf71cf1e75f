package io.broadcastsocket.conformance;

import io.broadcastsocket.testing.ClusterConfig;
import io.broadcastsocket.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Plays every scenario of the conformance suite on a cluster of one node, whose log is as durable as that of one process. */
class ClusterConformanceIT {
    @TestFactory
    Stream<DynamicTest> theServerDoesWhatTheProtocolSaysInAClusterToo() {
        return Scenario.all().stream()
                .map(scenario -> DynamicTest.dynamicTest(
                        scenario.name() + ": " + scenario.title(), scenario.source(), () -> play(scenario)));
    }

    private static void play(Scenario scenario) {
        JsonObject config = ClusterConfig.of(1).get(0).mergeIn(scenario.config(), true);
        try (TestServer server = TestServer.start(config);
                ScenarioRunner runner = new ScenarioRunner(server)) {
            runner.play(scenario);
        }
    }
}
