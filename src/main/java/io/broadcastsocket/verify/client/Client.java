package io.broadcastsocket.verify.client;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.protocol.CloseCode;
import io.broadcastsocket.verify.ledger.Track;
import io.broadcastsocket.verify.ledger.Violation;
import io.broadcastsocket.verify.wire.Endpoint;
import io.broadcastsocket.verify.wire.Wire;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscriber as a good client is: it comes back on another node, goes on where it stood, moves before a node stops, and
 * takes down everything that it is given.
 *
 * <p>Event loop only. {@code current} is the connection that delivers, {@code next} one that is about to take its place.
 */
final class Client implements Wire.Events {
    /** How it comes back. */
    enum Manner {
        POSITIONS,
        SESSION,
        PLAIN
    }

    /** Of a server that does not say it. */
    private static final long SESSION_TTL_MS = 120_000;

    private static final Logger log = LoggerFactory.getLogger(Client.class);
    private static final String RESUME = "resume";
    private static final String SUBSCRIBE = "subscribe ";

    private final Crowd crowd;
    private final String name;
    private final Manner manner;
    private final Map<String, Track> tracks = new LinkedHashMap<>();
    private final Recovery recovery = new Recovery();
    private Endpoint endpoint;
    private Wire current;
    private Wire next;
    private Token token;
    private long welcomedAt;
    private long spreadMs = 1000;
    private int pending;
    private int failures;
    private boolean asked;
    /** Where an attempt for the session was given up that the node may yet carry out, against the one that came after it. */
    private Endpoint rival;

    private boolean subscribed;
    private boolean attemptDue;
    private boolean closed;

    Client(Crowd crowd, int number, Manner manner) {
        this.crowd = crowd;
        this.name = "client " + number;
        this.manner = manner;
        this.endpoint = crowd.endpoints().first(number);
        crowd.channels().forEach(channel -> tracks.put(channel, crowd.ledger().track(name, channel)));
    }

    void connect() {
        attemptDue = false;
        if (closed || next != null) {
            return;
        }
        log.debug("connecting client=\"{}\" manner={} node={}", name, manner, endpoint);
        String path = manner == Manner.SESSION && token != null ? "/?session=" + token.secret() : "/";
        asked = path.length() > 1;
        next = manner == Manner.PLAIN
                ? crowd.wires().openPlain(endpoint, path, this)
                : crowd.wires().open(endpoint, path, this);
    }

    /** Goes to another node while the connection lasts. */
    void move(Endpoint to) {
        endpoint = to;
        connect();
    }

    void close() {
        closed = true;
        if (current != null) {
            current.close();
        }
        if (next != null) {
            next.close();
        }
    }

    /** Tells whether there is a connection that takes nothing from here on. */
    boolean pause() {
        if (current != null) {
            current.pause();
        }
        return current != null;
    }

    boolean isOn(Endpoint node) {
        return current != null && current.endpoint().equals(node);
    }

    void resume() {
        if (current != null) {
            current.resume();
        }
    }

    boolean isSubscribed() {
        return subscribed;
    }

    Recovery recovery() {
        return recovery;
    }

    @Override
    public String toString() {
        return name
                + (current == null ? " (not connected, tries " + endpoint + ")" : " (on " + current.endpoint() + ")");
    }

    @Override
    public void welcomed(Wire wire, JsonObject data) {
        if (current != null) {
            current.close();
            gone();
        }
        current = wire;
        next = null;
        spreadMs = data.getLong("spreadMs", spreadMs);
        log.debug("connected client=\"{}\" node={} data={}", name, wire.endpoint(), data);
        boolean resumed = asked && data.getBoolean("resumed", false);
        if (asked) {
            compare(resumed);
        }
        welcomedAt = System.nanoTime();
        token = new Token(data.getString("session"), data.getLong("sessionTtlMs", SESSION_TTL_MS));
        JsonObject subscriptions = resumed ? data.getJsonObject("subscriptions") : new JsonObject();
        JsonObject positions = new JsonObject();
        pending = 0;
        tracks.forEach((channel, track) -> {
            JsonObject standing = subscriptions.getJsonObject(channel);
            if (standing != null) {
                track.resumed(
                        position(standing), standing.getBoolean("recovered"), standing.getLong("redelivered", 0L));
            } else if (track.hasBegun()) {
                positions.put(channel, json(track.position()));
            } else {
                ask(command("subscribe", SUBSCRIBE + channel).put("channel", channel));
            }
        });
        if (!positions.isEmpty()) {
            ask(command(RESUME, RESUME).put("positions", positions));
        }
        if (resumed || !positions.isEmpty()) {
            crowd.resumed();
        }
        settle();
    }

    @Override
    public void received(Wire wire, JsonObject message) {
        if (wire != current) {
            return;
        }
        Track track = tracks.get(message.getString("channel"));
        switch (message.getString("type")) {
            case "message" -> {
                if (track != null) {
                    delivered(track, message);
                }
            }
            case "ack" -> acknowledged(track, message);
            case "gap" -> gap(track, message.getJsonObject("data"));
            case "error" -> refused(track, message);
            case "drain" -> drained(message.getJsonObject("data"));
            default -> {
                // A ping has served its purpose by coming.
            }
        }
    }

    @Override
    public void ended(Wire wire, int code, String why) {
        log.debug("ended client=\"{}\" node={} code={} why=\"{}\"", name, wire.endpoint(), code, why);
        if (wire == current) {
            current = null;
            subscribed = false;
            gone();
            boolean ownDoing = code == CloseCode.SESSION_TAKEN_OVER.status()
                    && wire.endpoint().equals(rival);
            rival = null;
            if (ownDoing) {
                token = null;
            } else if (next == null) {
                checkTerminal(code, why);
            }
        } else {
            next = null;
            if (asked && wire.isGivenUp()) {
                rival = wire.endpoint();
            }
            failures++;
        }
        comeBack();
    }

    private void delivered(Track track, JsonObject message) {
        String channel = message.getString("channel");
        String id = message.getString("messageId");
        JsonObject data = message.getValue("data") instanceof JsonObject object ? object : new JsonObject();
        track.message(message.getLong("offset"), id);
        if (!id.equals(data.getString("id"))) {
            crowd.ledger().violate(Violation.Kind.CONTRADICTION, name + ": the data of " + id + " is " + data);
        }
        long took = recovery.delivered(channel, data.getLong("sent", 0L), System.nanoTime());
        if (took >= 0) {
            crowd.recovered(took);
        }
    }

    private void acknowledged(Track track, JsonObject message) {
        String id = message.getString("messageId", "");
        JsonObject data = message.getJsonObject("data");
        if (id.equals(RESUME)) {
            if (data.containsKey("refused")) {
                leave();
                return;
            }
            JsonObject subscriptions = data.getJsonObject("subscriptions");
            subscriptions.fieldNames().stream()
                    .filter(tracks::containsKey)
                    .forEach(channel -> begin(tracks.get(channel), subscriptions.getJsonObject(channel)));
        } else if (id.startsWith(SUBSCRIBE)) {
            begin(track, data);
        } else {
            return;
        }
        pending--;
        settle();
    }

    private void begin(Track track, JsonObject data) {
        track.subscribed(position(data), data.getBoolean("recovered"));
    }

    private void gap(Track track, JsonObject data) {
        if (track != null) {
            track.gap(data.getLong("from"), data.getLong("to"), data.getString("reason"), position(data));
        }
    }

    /** A gap in the words for plain clients, or a command that this node cannot do. */
    private void refused(Track track, JsonObject message) {
        JsonObject data = message.getJsonObject("data");
        if (data.getString("code").equals("gap")) {
            gap(track, data);
        } else {
            leave();
        }
    }

    private void drained(JsonObject data) {
        endpoint = crowd.endpoints().otherThan(current.endpoint());
        connectIn(crowd.endpoints().delayMs(0, data.getLong("spreadMs", 0L)));
    }

    private void settle() {
        if (pending == 0) {
            subscribed = true;
            failures = 0;
        }
    }

    private void leave() {
        current.close();
        current = null;
        subscribed = false;
        gone();
        failures++;
        comeBack();
    }

    private void checkTerminal(int code, String why) {
        // Proxies between may close with codes of their own; 1000 is no complaint.
        boolean terminal = Stream.of(CloseCode.values())
                .anyMatch(known -> known.status() == code && !known.reconnect() && known != CloseCode.NORMAL);
        if (terminal) {
            crowd.ledger()
                    .violate(Violation.Kind.CLOSED, name + " was sent away for good with " + code + " (" + why + ")");
            token = null;
        }
    }

    /** The connection that had the session is lost, or given up. */
    private void gone() {
        if (token != null) {
            token.gone(welcomedAt, System.nanoTime());
        }
    }

    private void compare(boolean resumed) {
        if (resumed) {
            crowd.ledger().sessionResumed();
        } else if (token.isKept(System.nanoTime()) && !current.endpoint().equals(rival)) {
            crowd.ledger().sessionLost(this + " did not get its session again");
        } else {
            crowd.ledger().sessionForgotten();
        }
    }

    private void comeBack() {
        if (!closed && next == null && !attemptDue) {
            endpoint = crowd.endpoints().otherThan(endpoint);
            connectIn(crowd.endpoints().delayMs(failures, spreadMs));
        }
    }

    void connectIn(long delayMs) {
        if (!attemptDue) {
            attemptDue = true;
            crowd.vertx().setTimer(delayMs, timer -> connect());
        }
    }

    private void ask(JsonObject command) {
        pending++;
        subscribed = false;
        current.send(command);
    }

    private static JsonObject command(String type, String messageId) {
        return new JsonObject().put("type", type).put("messageId", messageId);
    }

    private static Position position(JsonObject data) {
        return new Position(data.getString("epoch"), data.getLong("offset"));
    }

    private static JsonObject json(Position position) {
        return new JsonObject().put("epoch", position.epoch()).put("offset", position.offset());
    }
}
