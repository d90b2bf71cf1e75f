package io.broadcastsocket.broker.redis;

import io.broadcastsocket.model.PresencePage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads pages of members, for all workers of the node: of each page one read is under way, and whoever asks meanwhile shares the
 * next one. That under way may have seen the members before something that the later one knows to be done.
 *
 * <p>Event loop only.
 */
final class PageReader {
    private record Key(String channel, String after, int limit) {}

    private final Links links;
    private final Keys keys;
    private final Set<Key> underWay = new HashSet<>();
    private final Map<Key, Promise<PresencePage>> next = new HashMap<>();

    PageReader(Links links, Keys keys) {
        this.links = links;
        this.keys = keys;
    }

    /** A page of the channel that tells who joins and leaves; fails for all who wait when Redis is not available. */
    Future<PresencePage> read(String channel, String after, int limit) {
        Key key = new Key(channel, after, limit);
        return underWay.add(key)
                ? ask(key)
                : next.computeIfAbsent(key, first -> Promise.promise()).future();
    }

    private Future<PresencePage> ask(Key key) {
        List<String> names = List.of(keys.members(key.channel()), keys.order(key.channel()));
        return links.run(key.channel(), Scripts.PRESENCE_PAGE, names, link ->
                        new Object[] {key.after(), key.limit(), PresencePage.MAX_BYTES})
                .map(PageReader::page)
                .onSuccess(read -> goOn(key))
                .onFailure(failure -> giveUp(key, failure));
    }

    private void goOn(Key key) {
        Promise<PresencePage> waiting = next.remove(key);
        if (waiting == null) {
            underWay.remove(key);
        } else {
            ask(key).onComplete(waiting);
        }
    }

    /** The next read would only wait as long again. */
    private void giveUp(Key key, Throwable failure) {
        underWay.remove(key);
        Promise<PresencePage> waiting = next.remove(key);
        if (waiting != null) {
            waiting.fail(failure);
        }
    }

    private static PresencePage page(Response answer) {
        List<PresencePage.Member> members = new ArrayList<>();
        Response page = answer.get(2);
        for (int i = 0; i < page.size(); i += 2) {
            members.add(new PresencePage.Member(
                    page.get(i).toString(), page.get(i + 1).toString()));
        }
        return PresencePage.of(answer.get(0).toLong(), members, answer.get(1).toLong() == 1);
    }
}
