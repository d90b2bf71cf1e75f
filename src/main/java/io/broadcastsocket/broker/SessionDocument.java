package io.broadcastsocket.broker;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.SessionSnapshot;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * How a session is written down where all nodes find it.
 *
 * <pre>
 * {"turn": 0, "client": id, "node": id or "", "cursors": {channel: [epoch, confirmed, written], …},
 *  "members": {channel: info as text, …}}
 * </pre>
 *
 * <p>{@code node} is the one that the client is connected to: such a document is a checkpoint, in case that node dies. The
 * turn comes first, so that it is found without reading the whole.
 */
public final class SessionDocument {
    private SessionDocument() {}

    /** @param node id of the node that the client is connected to; empty when it is away */
    public static JsonObject encode(SessionSnapshot session, String node) {
        JsonObject cursors = new JsonObject();
        session.cursors()
                .forEach((channel, cursor) -> cursors.put(
                        channel,
                        new JsonArray()
                                .add(cursor.confirmed().epoch())
                                .add(cursor.confirmed().offset())
                                .add(cursor.written())));
        JsonObject members = new JsonObject();
        session.members().forEach(members::put);
        JsonObject document = new JsonObject()
                .put("turn", session.turn())
                .put("client", session.clientId())
                .put("node", node)
                .put("cursors", cursors);
        return members.isEmpty() ? document : document.put("members", members);
    }

    /** The session; what was written to its connection after a checkpoint is not known. */
    public static SessionSnapshot decode(String token, JsonObject json) {
        return decode(token, json, !owner(json).isEmpty());
    }

    /** The session that somebody may have taken up since, who left nothing: what was written then is not known. */
    public static SessionSnapshot decodeTaken(String token, JsonObject json) {
        return decode(token, json, true);
    }

    private static SessionSnapshot decode(String token, JsonObject json, boolean live) {
        Map<String, SessionSnapshot.Cursor> cursors = new HashMap<>();
        json.getJsonObject("cursors").forEach(entry -> {
            JsonArray cursor = (JsonArray) entry.getValue();
            Position confirmed = new Position(cursor.getString(0), cursor.getLong(1));
            long written = live ? SessionSnapshot.Cursor.UNKNOWN : cursor.getLong(2);
            cursors.put(entry.getKey(), new SessionSnapshot.Cursor(confirmed, written));
        });
        Map<String, String> members = new HashMap<>();
        // Most are members nowhere, and an earlier version knew none.
        json.getJsonObject("members", new JsonObject())
                .forEach(entry -> members.put(entry.getKey(), (String) entry.getValue()));
        return new SessionSnapshot(token, json.getString("client"), cursors, members, turn(json));
    }

    /** Id of the node that the client is connected to; empty when it is away. */
    public static String owner(JsonObject json) {
        return json.getString("node");
    }

    /** How many connections have had it before. */
    public static long turn(JsonObject json) {
        return json.getLong("turn", 0L);
    }

    /** Names a session without giving its secret away: whoever reads the store cannot resume it. */
    public static String digest(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
