package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.PresenceStore.Change;
import io.broadcastsocket.model.Visit;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members that have come to this node and not left: what is entered again when Redis has lost it.
 *
 * <p>Event loop only. Channels are named by the ones that say who joins and leaves. What is done about one member is done one
 * after the other, so that a try that comes late never undoes a later one.
 */
final class Roster {
    /** How long members outlive all nodes. */
    static final long KEEP_MS = 3_600_000;

    private static final long KEEP_EVERY_NANOS = KEEP_MS / 4 * 1_000_000;

    /** Members that are entered again at the same time: Redis has others to serve meanwhile. */
    private static final int MOST_AGAIN = 200;

    private static final Logger log = LoggerFactory.getLogger(Roster.class);

    private record Again(Room room, String clientId) {}

    private final Links links;
    private final Keys keys;
    private final LogArguments forLog;
    private final Lease lease;
    private final Map<String, Room> rooms = new HashMap<>();
    private final Queue<Again> again = new ArrayDeque<>();
    private int againUnderWay;

    Roster(Links links, Keys keys, LogArguments forLog, Lease lease) {
        this.links = links;
        this.keys = keys;
        this.forLog = forLog;
        this.lease = lease;
    }

    Future<Change> enter(String channel, Visit visit, String info) {
        Room room = rooms.computeIfAbsent(channel, Room::new);
        Room.Stay stay = room.stay(visit.clientId());
        Room.Said said = new Room.Said(visit.number(), info);
        Room.Said earlier = stay.said;
        if (earlier != null && earlier.visit() > visit.number()) {
            return Future.succeededFuture(Change.NONE);
        }
        stay.said = said;
        return stay.then(() -> enter(room, visit.clientId(), stay, said)).onFailure(failure -> {
            if (stay.said == said) {
                stay.said = earlier;
                room.forgetIfOver(visit.clientId(), stay);
            }
        });
    }

    Future<Boolean> leave(String channel, Visit visit) {
        Room room = rooms.computeIfAbsent(channel, Room::new);
        Room.Stay stay = room.stay(visit.clientId());
        if (stay.said != null && stay.said.visit() == visit.number()) {
            stay.said = null;
        }
        room.underWay++;
        return stay.then(() -> links.run(
                        channel,
                        Scripts.PRESENCE_LEAVE,
                        keys.memberKeys(channel),
                        link -> forLog.arguments(link, channel, visit.clientId(), visit.number())))
                .map(removed -> removed.toLong() == 1)
                .onComplete(done -> {
                    stay.ended(visit.number(), done.failed());
                    room.underWay--;
                    room.forgetIfOver(visit.clientId(), stay);
                });
    }

    /** Enters everybody again. */
    void enterAgain() {
        rooms.values().forEach(this::enterAgain);
    }

    /** The data of a link's server are gone. */
    void emptied(RedisLink link) {
        rooms.values().stream()
                .filter(room -> links.find(links.slot(room.channel)) == link)
                .forEach(this::enterAgain);
    }

    /** Looks after the channels: forgets those without members, and enters those again that Redis may have lost. */
    void tend() {
        for (Iterator<Room> all = rooms.values().iterator(); all.hasNext(); ) {
            Room room = all.next();
            RedisLink link = links.find(links.slot(room.channel));
            if (room.isOver()) {
                all.remove();
                forget(room);
            } else if (link != null && !link.generation().equals(room.generation)) {
                room.generation = link.generation();
                enterAgain(room);
            } else if (link != null && System.nanoTime() - room.keptAt > KEEP_EVERY_NANOS) {
                keep(room);
            }
        }
    }

    private Future<Change> enter(Room room, String clientId, Room.Stay stay, Room.Said said) {
        room.underWay++;
        return registered(room)
                .compose(
                        held -> links.run(room.channel, Scripts.PRESENCE_ENTER, keys.memberKeys(room.channel), link -> {
                                    room.met(link.generation());
                                    return forLog.arguments(
                                            link, room.channel, clientId, said.visit(), held, said.info(), KEEP_MS);
                                })
                                .map(change -> {
                                    if (!held.equals(lease.current())) {
                                        again.add(new Again(room, clientId));
                                        goOn();
                                    }
                                    return Change.valueOf(change.toString());
                                }))
                .onComplete(done -> {
                    stay.ended(said.visit(), done.failed());
                    room.underWay--;
                });
    }

    /** The lease that knows that there may be members in the channel: only then they are found when it lapses. */
    private Future<String> registered(Room room) {
        String current = lease.current();
        if (!current.equals(room.lease)) {
            room.lease = current;
            room.registration = lease.register(room.channel).onFailure(failure -> room.lease = null);
        }
        return room.registration.map(done -> current);
    }

    private void enterAgain(Room room) {
        room.clients().forEach(client -> again.add(new Again(room, client)));
        goOn();
    }

    private void goOn() {
        while (againUnderWay < MOST_AGAIN && !again.isEmpty()) {
            Again next = again.poll();
            Room room = next.room();
            Room.Stay stay = room.stay(next.clientId());
            againUnderWay++;
            stay.then(() -> stay.said == null
                            ? Future.<Change>succeededFuture()
                            : enter(room, next.clientId(), stay, stay.said))
                    // Then it looks as if Redis had lost them again.
                    .onFailure(failure -> {
                        room.generation = "";
                        log.debug("a member is missing for a while channel={}", room.channel, failure);
                    })
                    .onComplete(done -> {
                        room.forgetIfOver(next.clientId(), stay);
                        againUnderWay--;
                        goOn();
                    });
        }
    }

    private void keep(Room room) {
        room.keptAt = System.nanoTime();
        List<String> own = List.of(keys.members(room.channel), keys.order(room.channel));
        links.run(room.channel, Scripts.PRESENCE_KEEP, own, link -> new Object[] {KEEP_MS})
                .onSuccess(kept -> {
                    if (kept.toLong() == 0) {
                        enterAgain(room);
                    }
                })
                // Three more tries are left.
                .onFailure(failure -> log.debug("members are not kept for longer channel={}", room.channel, failure));
    }

    /** Not tried again: it costs a look when the lease lapses, and later it could meet members that have come meanwhile. */
    private void forget(Room room) {
        RedisLink link = links.find(links.slot(Lease.TAG));
        if (link != null && room.lease != null) {
            link.send(Request.cmd(Command.ZREM).arg(keys.channelsOf(room.lease)).arg(room.channel))
                    .onFailure(
                            failure -> log.debug("a channel without members stays channel={}", room.channel, failure));
        }
    }
}
