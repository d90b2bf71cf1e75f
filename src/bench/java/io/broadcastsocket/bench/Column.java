package io.broadcastsocket.bench;

import io.vertx.core.json.JsonObject;
import java.util.function.ToDoubleFunction;

/** A column of a scenario's table: a figure of each run, shown as median and range with so many decimals. */
record Column(String title, ToDoubleFunction<JsonObject> figure, int decimals) {

    static Column of(String title, String key, int decimals) {
        return new Column(title, result -> result.getDouble(key), decimals);
    }

    static Column percent(String title, String key) {
        return new Column(title, result -> 100 * result.getDouble(key), 0);
    }

    /** The growth between two checkpoints. */
    static Column between(String title, String from, String to, String key, double divisor) {
        return new Column(title, result -> Figures.growth(result, from, to, key) / divisor, divisor == 1 ? 0 : 1);
    }
}
