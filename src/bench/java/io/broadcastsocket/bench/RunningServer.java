package io.broadcastsocket.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A contender's process and its port. */
final class RunningServer implements AutoCloseable {
    /** One full collection returns memory only after the next has seen it free; the figures are stable from the third on. */
    private static final int COLLECTIONS = 4;

    private static final Pattern HEAP_USED = Pattern.compile("(?:generation|heap)\\s+total \\d+K, used (\\d+)K");
    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");

    final int port;
    private final ChildProcess child;

    RunningServer(ChildProcess child, int port) {
        this.child = child;
        this.port = port;
    }

    long pid() {
        return child.process.pid();
    }

    GeneratorOptions.Node address() {
        return new GeneratorOptions.Node(port, pid());
    }

    /** Resident set, and for a JVM the used heap, after full collections. */
    JsonObject memory() throws IOException {
        JsonObject memory = new JsonObject();
        if (Files.exists(JCMD) && isJvm()) {
            for (int i = 0; i < COLLECTIONS; i++) {
                jcmd("GC.run");
                Servers.pause(100);
            }
            memory.put("heapKb", usedHeap());
        }
        return memory.put("residentKb", new ProcessFigures(pid()).residentKilobytes());
    }

    boolean isAlive() {
        return child.process.isAlive();
    }

    /** Ends it with SIGKILL. */
    void kill() {
        child.process.destroyForcibly();
    }

    private boolean isJvm() {
        return child.process
                .info()
                .command()
                .filter(command -> command.endsWith("java"))
                .isPresent();
    }

    private long usedHeap() throws IOException {
        long used = 0;
        Matcher matcher = HEAP_USED.matcher(jcmd("GC.heap_info"));
        while (matcher.find()) {
            used += Long.parseLong(matcher.group(1));
        }
        return used;
    }

    private String jcmd(String command) throws IOException {
        return ChildProcess.run(List.of(JCMD.toString(), Long.toString(pid()), command), Path.of("."));
    }

    @Override
    public void close() {
        child.close();
    }
}
