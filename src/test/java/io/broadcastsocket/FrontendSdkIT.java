package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.Tool;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The SDK's own checks: build, types, style, tests, size, documentation, and the package in an empty application. */
class FrontendSdkIT {
    private static final Path SDK = Path.of("frontend-sdk");

    @Test
    void theSdkPassesItsChecks() throws Exception {
        Tool.find("node").run(SDK, Duration.ofMinutes(5), "scripts/install.mjs");
        assertThat(Tool.find("npm").run(SDK, Duration.ofMinutes(10), "run", "check"))
                .contains("works in a Vite app with React 18.");
    }
}
