package io.broadcastsocket.broker.memory;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.PresenceStore;
import io.broadcastsocket.model.PresencePage;
import io.broadcastsocket.model.Visit;
import io.broadcastsocket.protocol.PresenceEvent;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The members of channels in the memory of one process.
 *
 * <p>Thread-safe; every future it returns is already complete. A channel without members is not there. What happens is
 * appended while the channel's entry is locked, so the log has it in the order in which it happened.
 */
public final class MemoryPresenceStore implements PresenceStore {
    private record Stay(long visit, String info) {}

    private final Broker log;
    private final Map<String, NavigableMap<String, Stay>> channels = new ConcurrentHashMap<>();

    /** @param log takes what happens; appends at once */
    public MemoryPresenceStore(Broker log) {
        this.log = log;
    }

    @Override
    public Future<Change> enter(String channel, Visit visit, String info) {
        Change[] change = {Change.NONE};
        channels.compute(channel, (name, found) -> {
            NavigableMap<String, Stay> members = found == null ? new TreeMap<>() : found;
            Stay earlier = members.get(visit.clientId());
            if (earlier != null && earlier.visit() > visit.number()) {
                return members;
            }
            members.put(visit.clientId(), new Stay(visit.number(), info));
            change[0] = change(earlier, visit, info);
            if (change[0] == Change.JOINED || change[0] == Change.CHANGED) {
                log.append(PresenceEvent.JOIN.draft(channel, visit.clientId(), info));
            }
            return members;
        });
        return Future.succeededFuture(change[0]);
    }

    private static Change change(Stay earlier, Visit visit, String info) {
        if (earlier == null) {
            return Change.JOINED;
        }
        if (!earlier.info().equals(info)) {
            return Change.CHANGED;
        }
        return earlier.visit() == visit.number() ? Change.NONE : Change.MOVED;
    }

    @Override
    public Future<Boolean> leave(String channel, Visit visit) {
        boolean[] removed = {false};
        channels.computeIfPresent(channel, (name, members) -> {
            Stay stay = members.get(visit.clientId());
            if (stay != null && stay.visit() == visit.number()) {
                members.remove(visit.clientId());
                removed[0] = true;
                log.append(PresenceEvent.LEAVE.draft(channel, visit.clientId(), stay.info()));
            }
            return members.isEmpty() ? null : members;
        });
        return Future.succeededFuture(removed[0]);
    }

    @Override
    public Future<PresencePage> page(String channel, String after, int limit) {
        PresencePage[] page = {new PresencePage(0, List.of(), java.util.Optional.empty())};
        channels.computeIfPresent(channel, (name, members) -> {
            NavigableMap<String, Stay> rest = limit == 0 ? new TreeMap<>() : members.tailMap(after, false);
            List<PresencePage.Member> some = rest.entrySet().stream()
                    .limit(limit)
                    .map(entry -> new PresencePage.Member(
                            entry.getKey(), entry.getValue().info()))
                    .toList();
            boolean more = !some.isEmpty()
                    && members.higherKey(some.get(some.size() - 1).clientId()) != null;
            page[0] = PresencePage.of(members.size(), some, more);
            return members;
        });
        return Future.succeededFuture(page[0]);
    }
}
