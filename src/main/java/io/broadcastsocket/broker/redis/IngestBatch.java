package io.broadcastsocket.broker.redis;

import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.protocol.ErrorCode;
import io.broadcastsocket.protocol.ProtocolException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Some entries of the ingest stream on their way into the log.
 *
 * <p>Event loop only; used once. Of each channel one is under way at a time, and after the first that fails no other of that
 * channel is tried: so they keep their order whatever happens. A node that has lost its lease without knowing can only
 * append once more what the next holder appends, and the log finds that by its id.
 */
final class IngestBatch {
    /** An entry that can never be broadcast. */
    record Dead(String entry, String reason) {}

    /**
     * What became of the entries; those that are not named stay where they are.
     *
     * @param done in the log
     * @param failure of the first that has to be tried again, or null
     */
    record Outcome(List<String> done, List<Dead> dead, Throwable failure) {}

    private final int maxDataBytes;
    private final Function<Draft, Future<Accepted>> append;
    private final BooleanSupplier mayGoOn;
    private final List<String> done = new ArrayList<>();
    private final List<Dead> dead = new ArrayList<>();
    private final Map<String, Future<Void>> channels = new HashMap<>();

    /** @param mayGoOn whether this node still has the lease */
    IngestBatch(int maxDataBytes, Function<Draft, Future<Accepted>> append, BooleanSupplier mayGoOn) {
        this.maxDataBytes = maxDataBytes;
        this.append = append;
        this.mayGoOn = mayGoOn;
    }

    /** Publishes entries in their order; succeeds in any case. */
    Future<Outcome> publish(List<IngestEntry> entries) {
        for (IngestEntry entry : entries) {
            try {
                Draft draft = entry.draft(maxDataBytes);
                channels.put(draft.channel(), publish(entry.entry(), draft));
            } catch (ProtocolException e) {
                dead.add(new Dead(entry.entry(), e.code().code() + ": " + e.getMessage()));
            }
        }
        return Future.join(List.copyOf(channels.values()))
                .map(all -> new Outcome(done, dead, null))
                .otherwise(failure -> new Outcome(done, dead, failure));
    }

    private Future<Void> publish(String entry, Draft draft) {
        return channels.getOrDefault(draft.channel(), Future.succeededFuture())
                .compose(before -> mayGoOn.getAsBoolean()
                        ? append.apply(draft)
                        : Future.failedFuture("another node may have the lease"))
                .map(accepted -> done.add(entry))
                .recover(failure -> isHopeless(failure)
                        ? Future.succeededFuture(
                                dead.add(new Dead(entry, ErrorCode.UNAVAILABLE.code() + ": " + failure.getMessage())))
                        : Future.failedFuture(failure))
                .mapEmpty();
    }

    /** Only this channel has nowhere to be stored; it would hold up all others. */
    private static boolean isHopeless(Throwable failure) {
        return failure.getCause() instanceof RedisFailure cause && cause.isForeignKey();
    }
}
