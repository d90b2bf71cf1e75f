package io.broadcastsocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The SDK's own checks: build, types, style, tests, size, documentation, and the package in an empty application. */
class FrontendSdkIT {
    private static final Path SDK = Path.of("frontend-sdk");

    @Test
    void theSdkPassesItsChecks() throws Exception {
        Tool npm = Tool.find("npm");
        if (!isInstalled()) {
            npm.run(SDK, Duration.ofMinutes(5), "ci", "--no-audit", "--no-fund");
        }
        assertThat(npm.run(SDK, Duration.ofMinutes(10), "run", "check")).contains("works in a Vite app with React 18.");
    }

    /** npm writes its own lockfile last, so it is newer than ours when all of that was installed. */
    private static boolean isInstalled() throws IOException {
        Path installed = SDK.resolve("node_modules/.package-lock.json");
        Path wanted = SDK.resolve("package-lock.json");
        return Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(wanted)) > 0;
    }
}
