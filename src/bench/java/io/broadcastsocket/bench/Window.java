package io.broadcastsocket.bench;

import java.io.IOException;
import java.util.Map;

/** One measured span of time: what both processes used and what was delivered between its two ends. */
final class Window {
    private final Ledger ledger;
    private final ProcessFigures server;
    private final ProcessFigures generator =
            new ProcessFigures(ProcessHandle.current().pid());
    private final long begin = System.nanoTime();
    private final double serverCpu;
    private final double compilers;
    private final double generatorCpu;
    private final long deliveries;
    private final long bytes;
    private final long published;

    Window(Ledger ledger, ProcessFigures server) throws IOException {
        this.ledger = ledger;
        this.server = server;
        serverCpu = server.cpuSeconds();
        compilers = server.compilerSeconds();
        generatorCpu = generator.cpuSeconds();
        deliveries = ledger.deliveries();
        bytes = ledger.payloadBytes();
        published = ledger.published();
    }

    /** Ends the window and adds its figures to {@code result}. */
    void end(Map<String, Object> result) throws IOException {
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpu = server.cpuSeconds() - serverCpu;
        double delivered = ledger.deliveries() - deliveries;
        result.put("seconds", seconds);
        result.put("published", ledger.published() - published);
        result.put("deliveries", delivered);
        result.put("deliveriesPerSecond", delivered / seconds);
        result.put("deliveriesPerCpuSecond", cpu == 0 ? 0 : delivered / cpu);
        result.put("payloadBytes", delivered == 0 ? 0 : (ledger.payloadBytes() - bytes) / delivered);
        result.put("serverCpuSeconds", cpu);
        result.put("serverUtilisation", cpu / seconds);
        result.put("compilerShare", cpu == 0 ? 0 : (server.compilerSeconds() - compilers) / cpu);
        result.put("generatorUtilisation", (generator.cpuSeconds() - generatorCpu) / seconds);
    }
}
