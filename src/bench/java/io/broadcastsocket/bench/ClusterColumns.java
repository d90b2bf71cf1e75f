package io.broadcastsocket.bench;

import java.util.List;

/** The columns of the scenarios with several nodes; those for deliveries have the columns of all deliveries. */
final class ClusterColumns {
    private ClusterColumns() {}

    static List<Column> of(Scenario.Mode mode) {
        switch (mode) {
            case CLUSTER_LATENCY:
                return List.of(
                        new Column("p50 of acks by round", result -> Figures.p50(result.getJsonObject("acks")), 2),
                        new Column("of the same node", result -> Figures.p50(result.getJsonObject("near")), 2),
                        new Column("of another", result -> Figures.p50(result.getJsonObject("far")), 2),
                        Column.percent("CPU of all nodes, %", "serverUtilisation"),
                        Column.percent("their compilers, % of it", "compilerShare"));
            case CLUSTER_PUBLISH:
                return List.of(
                        new Column("publishes/s", Figures::acksPerSecond, 0),
                        new Column("µs of all nodes' CPU per publish", Figures::microsPerAck, 1),
                        Column.percent("CPU of all nodes, %", "serverUtilisation"),
                        Column.percent("their compilers, % of it", "compilerShare"),
                        Column.percent("generator CPU, %", "generatorUtilisation"));
            case CLUSTER_MEMORY:
                return List.of(
                        new Column("bytes per message, all nodes", Figures::bytesPerMessage, 0),
                        new Column("heap MB of a node", result -> Figures.value(result, "empty", "heapKb") / 1024, 1),
                        new Column("resident MB of a node", Figures::residentOfNode, 1));
            case CLUSTER_CHANNELS:
                return List.of(
                        Column.of("seconds to subscribe", "subscribeSeconds", 2),
                        Column.of("node CPU, s", "subscribeServerCpuSeconds", 2),
                        Column.of("CPU of the others, s", "subscribeBesideCpuSeconds", 2),
                        Column.percent("node CPU idle, %", "idleServerUtilisation"),
                        Column.percent("others' CPU idle, %", "idleBesideUtilisation"),
                        bytes("heap bytes per subscribed channel, its node", "subscribed", "heapKb"),
                        bytes("all nodes", "subscribed", "allHeapKb"),
                        bytes("heap bytes per channel without subscribers, its node", "left", "heapKb"),
                        bytes("all nodes", "left", "allHeapKb"));
            default:
                throw new IllegalArgumentException(mode.name());
        }
    }

    private static Column bytes(String title, String checkpoint, String key) {
        return new Column(title, result -> Figures.bytesPerChannel(result, checkpoint, key), 0);
    }
}
