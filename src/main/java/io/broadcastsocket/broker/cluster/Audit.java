package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.model.Position;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Looks at the logs of all channels that somebody listens to, when announcements may have got lost.
 *
 * <p>Event loop only. One look at a time; when there is reason for another meanwhile, that follows. What cannot be looked at is
 * tried again, for as long as somebody listens.
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
        running = true;
        look(announcements.channels());
    }

    private void look(Set<String> channels) {
        again = false;
        List<String> names = List.copyOf(channels);
        Set<String> missing = new HashSet<>(channels);
        Future<Void> all = Future.succeededFuture();
        for (int from = 0; from < names.size(); from += Tops.MOST) {
            List<String> some = names.subList(from, Math.min(names.size(), from + Tops.MOST));
            all = all.compose(before -> tops.apply(some))
                    .<Void>map(found -> {
                        found.forEach(announcements::moved);
                        missing.removeAll(found.keySet());
                        return null;
                    })
                    .otherwiseEmpty();
        }
        all.onComplete(done -> looked(missing));
    }

    private void looked(Set<String> missing) {
        missing.retainAll(announcements.channels());
        if (!missing.isEmpty()) {
            vertx.setTimer(PAUSE_MS, later -> look(again ? announcements.channels() : missing));
        } else if (again) {
            look(announcements.channels());
        } else {
            running = false;
        }
    }
}
