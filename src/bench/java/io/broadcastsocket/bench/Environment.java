package io.broadcastsocket.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a reader has to know about the machine. */
final class Environment {
    private Environment() {}

    static String describe() {
        long memory = number(firstValue("/proc/meminfo", "MemTotal")) / (1 << 20);
        return String.format(
                "%s, %d processors, %d GB, %s %s, Java %s (%s)",
                firstValue("/proc/cpuinfo", "model name"),
                processors(),
                memory,
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("java.version"),
                System.getProperty("java.vm.name"));
    }

    static String pinning() {
        return Processor.SERVER.pinning().isEmpty()
                ? "not pinned"
                : "server and generator pinned to one processor each";
    }

    private static long processors() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("processor")).count();
        } catch (IOException e) {
            return Runtime.getRuntime().availableProcessors();
        }
    }

    private static String firstValue(String file, String key) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static long number(String text) {
        String digits = text.replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits);
    }
}
