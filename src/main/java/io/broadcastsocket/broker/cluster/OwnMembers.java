package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.broker.PresenceStore.Change;
import io.broadcastsocket.model.Visit;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The members that have come to this node and not left. Their rosters are compared with that, and whoever is missing, because the
 * members of the cluster that had the roster died together or took this node for dead, is entered again.
 *
 * <p>Event loop only.
 */
final class OwnMembers {
    private record Said(long visit, String info) {}

    private final String nodeId;
    private final LogMap logs;
    private final RosterChanges changes;
    private final Map<String, Map<String, Said>> byChannel = new HashMap<>();
    private boolean comparing;

    OwnMembers(String nodeId, LogMap logs, RosterChanges changes) {
        this.nodeId = nodeId;
        this.logs = logs;
        this.changes = changes;
    }

    Future<Change> enter(String presence, Visit visit, String info) {
        Map<String, Said> members = byChannel.computeIfAbsent(presence, fresh -> new HashMap<>());
        Said said = new Said(visit.number(), info);
        Said earlier = members.get(visit.clientId());
        if (earlier != null && earlier.visit() > said.visit()) {
            return Future.succeededFuture(Change.NONE);
        }
        members.put(visit.clientId(), said);
        return enter(presence, visit.clientId(), said).onFailure(failure -> {
            if (members.get(visit.clientId()) == said) {
                restore(presence, visit.clientId(), earlier);
            }
        });
    }

    Future<Boolean> leave(String presence, Visit visit) {
        Map<String, Said> members = byChannel.getOrDefault(presence, Map.of());
        Said said = members.get(visit.clientId());
        if (said != null && said.visit() == visit.number()) {
            restore(presence, visit.clientId(), null);
        }
        return changes.make(presence, RosterChange.leave(visit.clientId(), visit.number()))
                .map(removed -> removed > 0);
    }

    /** Compares the rosters with what this node knows; call regularly. */
    void tend() {
        if (comparing) {
            return;
        }
        comparing = true;
        List<String> names = new ArrayList<>(byChannel.keySet());
        Future<Void> all = Future.succeededFuture();
        for (int from = 0; from < names.size(); from += Tops.MOST) {
            Set<String> some = Set.copyOf(names.subList(from, Math.min(names.size(), from + Tops.MOST)));
            all = all.compose(before -> compare(some));
        }
        all.onComplete(done -> comparing = false);
    }

    private Future<Void> compare(Set<String> presences) {
        return logs.all(presences, new RosterSurvey(nodeId, List.of())).compose(sums -> {
            List<Future<Change>> again = new ArrayList<>();
            for (String presence : presences) {
                Map<String, Said> members = byChannel.getOrDefault(presence, Map.of());
                long expected = members.entrySet().stream()
                        .mapToLong(entry ->
                                Roster.checksum(entry.getKey(), entry.getValue().visit()))
                        .sum();
                if (sums.getOrDefault(presence, 0L) != expected) {
                    Map.copyOf(members).forEach((client, said) -> again.add(enter(presence, client, said)));
                }
            }
            // The next look comes when these have come back: what cannot be done now does not pile up.
            return Future.join(again).<Void>mapEmpty().otherwiseEmpty();
        });
    }

    private Future<Change> enter(String presence, String client, Said said) {
        return changes.make(presence, RosterChange.enter(client, said.visit(), said.info(), nodeId))
                .map(note -> Change.values()[note]);
    }

    private void restore(String presence, String client, Said earlier) {
        Map<String, Said> members = byChannel.computeIfAbsent(presence, fresh -> new HashMap<>());
        if (earlier == null) {
            members.remove(client);
        } else {
            members.put(client, earlier);
        }
        if (members.isEmpty()) {
            byChannel.remove(presence);
        }
    }
}
