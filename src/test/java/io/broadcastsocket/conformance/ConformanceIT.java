package io.broadcastsocket.conformance;

import io.broadcastsocket.testing.TestServer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Plays every scenario of the conformance suite, each against a server of its own. */
class ConformanceIT {
    @TestFactory
    Stream<DynamicTest> theServerDoesWhatTheProtocolSays() {
        return Scenario.all().stream()
                .map(scenario -> DynamicTest.dynamicTest(
                        scenario.name() + ": " + scenario.title(), scenario.source(), () -> play(scenario)));
    }

    private static void play(Scenario scenario) {
        try (TestServer server = TestServer.start(scenario.config());
                ScenarioRunner runner = new ScenarioRunner(server)) {
            runner.play(scenario);
        }
    }
}
