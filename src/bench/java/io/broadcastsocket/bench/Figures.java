package io.broadcastsocket.bench;

import io.vertx.core.json.JsonObject;

/** Reads the figures of one run out of its result. */
final class Figures {
    private static final double FULL = 0.95;

    private Figures() {}

    static double deliveriesPerCpuSecond(JsonObject result) {
        return result.getDouble("deliveriesPerCpuSecond");
    }

    /** Whether the server used its whole processor, but for what the clock ticks and the machine take. */
    static boolean isFull(JsonObject result) {
        return result.getDouble("serverUtilisation") > FULL;
    }

    static double p99(JsonObject result) {
        return result.getDouble("p99Ms");
    }

    static double handshakesPerSecond(JsonObject result) {
        return result.getDouble("handshakesPerSecond");
    }

    /** What one more idle connection costs, in kB: the growth between the two checkpoints. */
    static double residentPerConnection(JsonObject result) {
        return growth(result, "first", "all", "residentKb") / added(result);
    }

    static double heapPerConnection(JsonObject result) {
        return growth(result, "first", "all", "heapKb") / added(result);
    }

    private static double added(JsonObject result) {
        return result.getInteger("connections") - result.getInteger("first");
    }

    /** The p99 of the readers while others stall, over their p99 before. */
    static double stalledP99Ratio(JsonObject result) {
        return p99(result.getJsonObject("during")) / p99(result.getJsonObject("before"));
    }

    /** Growth of the resident set during the stall, after collections, in MB. */
    static double stalledGrowth(JsonObject result) {
        return growth(result, "before", "during", "residentKb") / 1024;
    }

    static double publishesPerSecond(JsonObject result) {
        return result.getDouble("publishesPerSecond");
    }

    static double p50(JsonObject result) {
        return result.getDouble("p50Ms");
    }

    /** What Redis did in a second while nothing happened, from one count of it to the next. */
    static double perIdleSecond(JsonObject result, String key) {
        return growth(result, "subscribed", "idle", key) / (growth(result, "subscribed", "idle", "redisNanos") / 1e9);
    }

    /** In a closed loop of acks these are the deliveries. */
    static double acksPerSecond(JsonObject result) {
        return result.getDouble("deliveriesPerSecond");
    }

    static double microsPerAck(JsonObject result) {
        return 1e6 / deliveriesPerCpuSecond(result);
    }

    /** Heap of all nodes for one publication in a history. */
    static double bytesPerMessage(JsonObject result) {
        return 1024 * growth(result, "empty", "filled", "allHeapKb") / result.getDouble("messages");
    }

    /** MB of a node that has had next to nothing to do. */
    static double residentOfNode(JsonObject result) {
        return value(result, "empty", "residentKb") / 1024;
    }

    /** Heap for one of the channels at a checkpoint. */
    static double bytesPerChannel(JsonObject result, String checkpoint, String key) {
        return 1024 * growth(result, "connected", checkpoint, key) / result.getDouble("channels");
    }

    static double readsPerChannel(JsonObject result) {
        return result.getDouble("reads") / result.getDouble("channels");
    }

    /** Used heap after the last minute of the soak over that after its second. */
    static double soakHeapRatio(JsonObject result) {
        JsonObject checkpoints = result.getJsonObject("checkpoints");
        String base = checkpoints.containsKey("minute 2") ? "minute 2" : "minute 1";
        return value(result, "minute " + checkpoints.size(), "heapKb") / value(result, base, "heapKb");
    }

    static double growth(JsonObject result, String from, String to, String key) {
        return value(result, to, key) - value(result, from, key);
    }

    static double value(JsonObject result, String checkpoint, String key) {
        return result.getJsonObject("checkpoints").getJsonObject(checkpoint).getDouble(key, Double.NaN);
    }
}
