package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.Epochs;
import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.ChannelRule;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the log, for all workers of the node: what one has read serves the others, also those that come a little later.
 *
 * <p>Event loop only.
 */
final class LogReader {
    /** Bytes of data in one answer of Redis. */
    private static final int PAGE_BYTES = 256 * 1024;

    /** Bytes of data that are read at once for those who may come after the first. */
    private static final int WINDOW_BYTES = 1024 * 1024;

    private static final int WINDOW_PUBLICATIONS = 2000;

    /** A window that has served nobody for so long is let go. */
    private static final long WINDOW_IDLE_NANOS = 5_000_000_000L;

    /** Bytes of all windows together, beyond which all are let go. */
    private static final long ALL_WINDOWS_BYTES = 128L * 1024 * 1024;

    private record Key(String channel, Position after, int limit) {}

    private final Links links;
    private final Keys keys;
    private final Epochs epochs;
    private final ChannelRules rules;
    private final Map<String, ChannelState> channels;
    private final Map<Key, Future<ReadResult>> underWay = new HashMap<>();

    /** Channels whose window is being read: those that come meanwhile wait for it. */
    private final Map<String, Future<ReadResult>> filling = new HashMap<>();

    LogReader(Links links, Keys keys, Epochs epochs, ChannelRules rules, Map<String, ChannelState> channels) {
        this.links = links;
        this.keys = keys;
        this.epochs = epochs;
        this.rules = rules;
        this.channels = channels;
    }

    Future<ReadResult> read(String channel, Position after, int limit) {
        ChannelState state = channels.get(channel);
        if (state == null || state.link() == null) {
            return shared(new Key(channel, after, limit));
        }
        Window window = state.window;
        if (window != null && window.serves(after)) {
            window.usedAt = System.nanoTime();
            return Future.succeededFuture(new ReadResult.Page(window.after(after, limit), window.top()));
        }
        Future<ReadResult> fill = filling.get(channel);
        if (fill != null) {
            return fill.compose(filled -> read(channel, after, limit));
        }
        Bounds bounds = state.bounds;
        if (bounds == null || !bounds.isBelieved()) {
            return fill(state, new Key(channel, after, limit));
        }
        if (bounds.isOver(after.epoch()) || (bounds.top().sameEpoch(after) && after.offset() < bounds.floor())) {
            return Future.succeededFuture(bounds.refusal(after).orElseThrow());
        }
        if (!bounds.top().sameEpoch(after)) {
            return fill(state, new Key(channel, after, limit));
        }
        return bounds.reaches(after) && window == null
                ? fill(state, new Key(channel, after, limit))
                : shared(new Key(channel, after, limit));
    }

    /** Lets windows go that nobody needs any more; call regularly. */
    void expire() {
        long oldest = System.nanoTime() - WINDOW_IDLE_NANOS;
        long bytes = 0;
        for (ChannelState state : channels.values()) {
            if (state.window != null) {
                bytes += state.window.bytes();
                if (state.window.usedAt < oldest || state.window.bytes() > 8L * WINDOW_BYTES) {
                    state.window = null;
                }
            }
        }
        if (bytes > ALL_WINDOWS_BYTES) {
            channels.values().forEach(state -> state.window = null);
        }
    }

    private Future<ReadResult> shared(Key key) {
        Future<ReadResult> same = underWay.get(key);
        if (same != null) {
            return same;
        }
        Future<ReadResult> read = ask(key, PAGE_BYTES, 0).map(answer -> result(key, answer));
        if (!read.isComplete()) {
            underWay.put(key, read);
            read.onComplete(done -> underWay.remove(key));
        }
        return read;
    }

    /** Reads from well before the position to the top, as far as the bounds allow, and keeps it for others. */
    private Future<ReadResult> fill(ChannelState state, Key key) {
        Key wide = new Key(key.channel(), key.after(), WINDOW_PUBLICATIONS);
        Future<ReadResult> fill = ask(wide, WINDOW_BYTES, WINDOW_PUBLICATIONS).map(answer -> {
            filling.remove(key.channel());
            Bounds bounds = bounds(key, answer);
            List<Publication> run = publications(key.channel(), answer);
            if (channels.get(key.channel()) == state && state.link() != null) {
                keep(state, bounds, run);
            }
            return bounds.refusal(key.after()).orElseGet(() -> page(run, key, bounds));
        });
        if (!fill.isComplete()) {
            filling.put(key.channel(), fill);
            fill.onFailure(failure -> filling.remove(key.channel()));
        }
        return fill;
    }

    private static void keep(ChannelState state, Bounds bounds, List<Publication> run) {
        state.bounds = bounds;
        if (!run.isEmpty()) {
            state.window = new Window(run, bounds.top().offset(), System.nanoTime());
        } else if (state.window != null && !state.window.last().sameEpoch(bounds.top())) {
            state.window = null;
        }
    }

    private Future<Response> ask(Key key, int bytes, int lead) {
        ChannelRule.History history = rules.of(key.channel()).history();
        List<String> names = List.of(keys.stream(key.channel()), keys.log(key.channel()));
        return links.run(key.channel(), Scripts.READ, names, link -> new Object[] {
            link.generation(),
            epochs.next(),
            Positions.UNUSED_MS,
            key.after().epoch(),
            key.after().offset(),
            key.limit(),
            bytes,
            history.size(),
            history.ttlMs(),
            lead
        });
    }

    private static ReadResult result(Key key, Response answer) {
        Bounds bounds = bounds(key, answer);
        return bounds.refusal(key.after()).orElseGet(() -> page(publications(key.channel(), answer), key, bounds));
    }

    private static ReadResult page(List<Publication> run, Key key, Bounds bounds) {
        List<Publication> page = run.stream()
                .filter(publication -> publication.offset() > key.after().offset())
                .limit(key.limit())
                .toList();
        return new ReadResult.Page(page, bounds.top());
    }

    private static Bounds bounds(Key key, Response answer) {
        Position top = new Position(answer.get(0).toString(), number(answer.get(1)));
        return new Bounds(
                top,
                number(answer.get(2)),
                number(answer.get(3)),
                answer.get(4).toString(),
                key.after().epoch(),
                System.nanoTime());
    }

    private static long number(Response text) {
        return Long.parseLong(text.toString());
    }

    private static List<Publication> publications(String channel, Response answer) {
        String epoch = answer.get(0).toString();
        Response page = answer.get(5);
        List<Publication> publications = new ArrayList<>(page.size() / 5);
        for (int i = 0; i < page.size(); i += 5) {
            publications.add(Envelope.publication(
                    channel,
                    new Position(epoch, number(page.get(i))),
                    number(page.get(i + 2)),
                    page.get(i + 1).toString(),
                    page.get(i + 3).toString(),
                    page.get(i + 4).toBytes()));
        }
        return publications;
    }
}
