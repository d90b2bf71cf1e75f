package io.broadcastsocket.testing.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The redis-server that tests start: the machine's own, otherwise the one that the embedded-redis artifact carries.
 *
 * <p>The system property {@code redis.embedded=true}, or REDIS_EMBEDDED=true in the environment, passes over the
 * machine's own.
 */
public final class RedisBinary {
    private static final Pattern VERSION = Pattern.compile("Redis server v=(\\S+)");
    private static final String OLDEST = "6.2";
    private static final Map<String, String> EMBEDDED = Map.of(
            "linux-amd64", "redis-server-6.2.6-v5-linux-amd64",
            "linux-arm64", "redis-server-6.2.7-linux-arm64",
            "mac-amd64", "redis-server-6.2.6-v5-darwin-amd64",
            "mac-arm64", "redis-server-6.2.6-v5-darwin-arm64");

    private static final class Installed {
        static final Optional<RedisBinary> BINARY = onPath();
    }

    private static final class Embedded {
        static final Optional<RedisBinary> BINARY = extract();
    }

    private final Path file;
    private final String version;

    private RedisBinary(Path file, String version) {
        this.file = file;
        this.version = version;
    }

    /** Without any the test is skipped loudly, and fails where everything must be there. */
    public static RedisBinary find() {
        boolean forced = Boolean.getBoolean("redis.embedded") || "true".equals(System.getenv("REDIS_EMBEDDED"));
        return orSkip(forced ? Embedded.BINARY : Installed.BINARY.or(() -> Embedded.BINARY));
    }

    /** The one that the artifact carries. */
    public static RedisBinary embedded() {
        return orSkip(Embedded.BINARY);
    }

    public Path file() {
        return file;
    }

    public String version() {
        return version;
    }

    public boolean isAtLeast(String wanted) {
        return Version.parse(version).compareTo(Version.parse(wanted)) >= 0;
    }

    /** Whether it was built with TLS. */
    public boolean supportsTls() {
        // Without a certificate it ends at once; the words tell why.
        return output(file, "--port", "0", "--tls-port", "1").contains("Failed to configure TLS");
    }

    @Override
    public String toString() {
        return file + " " + version;
    }

    private static RedisBinary orSkip(Optional<RedisBinary> found) {
        if (found.isEmpty()) {
            System.out.println("NOTICE: there is no redis-server from " + OLDEST + " on, so this test does not run");
            assertThat(System.getenv("CI"))
                    .as("redis-server must be there in CI")
                    .isNotEqualTo("true");
        }
        assumeTrue(found.isPresent(), "redis-server is not installed");
        return found.orElseThrow();
    }

    private static Optional<RedisBinary> onPath() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst()
                .flatMap(RedisBinary::probe);
    }

    private static Optional<RedisBinary> extract() {
        String resource = EMBEDDED.get(platform());
        if (resource == null) {
            return Optional.empty();
        }
        try (InputStream in = RedisBinary.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                return Optional.empty();
            }
            Path directory = Files.createTempDirectory("redis-binary");
            directory.toFile().deleteOnExit();
            Path file = directory.resolve("redis-server");
            file.toFile().deleteOnExit();
            Files.copy(in, file);
            return file.toFile().setExecutable(true) ? probe(file) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").replace("x86_64", "amd64").replace("aarch64", "arm64");
        return (os.contains("mac") ? "mac" : os) + "-" + arch;
    }

    /** Nothing if it does not run here or is too old for the scripts of the adapter. */
    private static Optional<RedisBinary> probe(Path file) {
        try {
            Matcher matcher = VERSION.matcher(output(file, "--version"));
            return Optional.of(matcher)
                    .filter(Matcher::find)
                    .map(found -> new RedisBinary(file, found.group(1)))
                    .filter(binary -> binary.isAtLeast(OLDEST));
        } catch (UncheckedIOException doesNotRun) {
            return Optional.empty();
        }
    }

    private static String output(Path file, String... arguments) {
        try {
            Process process = new ProcessBuilder(Stream.concat(Stream.of(file.toString()), List.of(arguments).stream())
                            .toList())
                    .redirectErrorStream(true)
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
