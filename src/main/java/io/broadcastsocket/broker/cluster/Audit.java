package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.model.Position;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Looks at the logs of all channels that somebody listens to, when announcements may have got lost.
 *
 * <p>Event loop only. One look at a time; when there is reason for another meanwhile, that follows. What cannot be looked at is
 * tried again.
 */
final class Audit {
    private static final long PAUSE_MS = 250;

    private final Vertx vertx;
    private final Announcements announcements;
    private final Function<Collection<String>, Future<Map<String, Position>>> tops;
    private boolean running;
    private boolean again;

    /** @param tops tells where logs stand */
    Audit(Vertx vertx, Announcements announcements, Function<Collection<String>, Future<Map<String, Position>>> tops) {
        this.vertx = vertx;
        this.announcements = announcements;
        this.tops = tops;
    }

    void start() {
        if (running) {
            again = true;
            return;
        }
        look(announcements.channels());
    }

    private void look(Collection<String> channels) {
        running = true;
        Set<String> left = new LinkedHashSet<>(channels);
        compare(left).onComplete(done -> {
            running = false;
            if (again) {
                again = false;
                start();
            } else if (!left.isEmpty()) {
                vertx.setTimer(PAUSE_MS, later -> retry(left));
            }
        });
    }

    private void retry(Set<String> left) {
        left.removeIf(channel -> !announcements.isHeard(channel));
        if (!running && !left.isEmpty()) {
            look(left);
        }
    }

    /** Those that could be looked at are no longer left. */
    private Future<Void> compare(Set<String> left) {
        Future<Void> all = Future.succeededFuture();
        List<String> names = new ArrayList<>(left);
        for (int from = 0; from < names.size(); from += Tops.MOST) {
            List<String> some = names.subList(from, Math.min(names.size(), from + Tops.MOST));
            all = all.compose(before -> tops.apply(some)).map(found -> {
                found.forEach(announcements::moved);
                left.removeAll(found.keySet());
                return null;
            });
        }
        return all;
    }
}
