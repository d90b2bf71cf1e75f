package io.broadcastsocket.stats;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What one worker has done since it started.
 *
 * <p>Thread-safe: counted on the worker's loop, read from anywhere.
 */
public final class WorkerStats {
    /** Connections that are open. */
    public final LongAdder connections = new LongAdder();
    /** Connections that were ever accepted. */
    public final LongAdder accepted = new LongAdder();
    /** Subscriptions that are open, those to {@code *} included. */
    public final LongAdder subscriptions = new LongAdder();
    /** Members of channels by way of open connections, counted once per channel. */
    public final LongAdder members = new LongAdder();
    /** Commands that came from clients. */
    public final LongAdder commands = new LongAdder();
    /** Commands that were answered with an error. */
    public final LongAdder errors = new LongAdder();
    /** Publications that were accepted through this worker. */
    public final LongAdder published = new LongAdder();
    /** Publications written to a socket, counted once per subscriber. */
    public final LongAdder delivered = new LongAdder();
    /** Bytes of those publications. */
    public final LongAdder deliveredBytes = new LongAdder();
    /** Gaps that were announced to subscribers. */
    public final LongAdder gaps = new LongAdder();
    /** Reads of the log: recovery, slow subscribers, holes. */
    public final LongAdder logReads = new LongAdder();
    /** Connections closed because they did not take their messages. */
    public final LongAdder slowConsumers = new LongAdder();
    /** Connections closed because nothing came from them any more. */
    public final LongAdder deadPeers = new LongAdder();

    /** All of them by name, as {@code /stats} shows them. */
    public Map<String, Long> counters() {
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("connections", connections.sum());
        counters.put("accepted", accepted.sum());
        counters.put("subscriptions", subscriptions.sum());
        counters.put("members", members.sum());
        counters.put("commands", commands.sum());
        counters.put("errors", errors.sum());
        counters.put("published", published.sum());
        counters.put("delivered", delivered.sum());
        counters.put("deliveredBytes", deliveredBytes.sum());
        counters.put("gaps", gaps.sum());
        counters.put("logReads", logReads.sum());
        counters.put("slowConsumers", slowConsumers.sum());
        counters.put("deadPeers", deadPeers.sum());
        return counters;
    }
}
