package io.broadcastsocket.stats;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The node's meters in the Prometheus text format. They read the counters that exist anyway, so they cost nothing between
 * two scrapes.
 *
 * <p>Thread-safe.
 */
public final class Metrics implements AutoCloseable {
    /** What {@link #scrape} returns. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** Names in {@link WorkerStats#counters} whose values go up and down. */
    private static final List<String> GAUGES = List.of("connections", "subscriptions", "members");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();

    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gc.bindTo(registry);
    }

    /** Adds the counters of a worker, with its name as a label. */
    public void add(String worker, WorkerStats stats) {
        for (String name : stats.counters().keySet()) {
            ToDoubleFunction<WorkerStats> value =
                    source -> source.counters().get(name).doubleValue();
            String metric = "broadcast_" + snake(name);
            if (GAUGES.contains(name)) {
                Gauge.builder(metric, stats, value).tag("worker", worker).register(registry);
            } else {
                FunctionCounter.builder(metric, stats, value)
                        .tag("worker", worker)
                        .register(registry);
            }
        }
    }

    /** Adds a value of the whole node. */
    public <T> void gauge(String name, T source, ToDoubleFunction<T> value) {
        Gauge.builder("broadcast_" + name, source, value).register(registry);
    }

    /** The name of a counter as Prometheus writes names: {@code linkLosses} is {@code link_losses}. */
    public static String snake(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    /** All meters as text. */
    public String scrape() {
        return registry.scrape(CONTENT_TYPE);
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
