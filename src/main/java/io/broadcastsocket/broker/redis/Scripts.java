package io.broadcastsocket.broker.redis;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** The Lua scripts that run in Redis; {@code src/main/resources/redis} has them. */
final class Scripts {
    /** A script and the digest by which Redis knows it once it is loaded. */
    record Script(String text, String sha) {}

    static final Script APPEND = script("stream.lua", "log.lua", "append.lua");
    static final Script READ = script("stream.lua", "read.lua");
    static final Script POSITIONS = script("stream.lua", "positions.lua");
    static final Script GENERATION = script("generation.lua");
    static final Script SESSION_TAKE = script("session-take.lua");
    static final Script SESSION_WRITE = script("session-write.lua");
    static final Script INGEST_TAKE = script("ingest.lua", "ingest-take.lua");
    static final Script INGEST_DONE = script("ingest.lua", "ingest-done.lua");
    static final Script INGEST_DEAD = script("ingest.lua", "ingest-dead.lua");
    static final Script INGEST_RELEASE = script("ingest-release.lua");
    static final Script CENSUS_WRITE = script("stream.lua", "census.lua", "census-write.lua");
    static final Script CENSUS_READ = script("stream.lua", "census.lua", "census-read.lua");
    static final Script PRESENCE_ENTER = script("stream.lua", "log.lua", "presence.lua", "presence-enter.lua");
    static final Script PRESENCE_LEAVE = script("stream.lua", "log.lua", "presence.lua", "presence-leave.lua");
    static final Script PRESENCE_SWEEP = script("stream.lua", "log.lua", "presence.lua", "presence-sweep.lua");
    static final Script PRESENCE_PAGE = script("stream.lua", "log.lua", "presence.lua", "presence-page.lua");
    static final Script PRESENCE_KEEP = script("presence-keep.lua");
    static final Script PRESENCE_REGISTER = script("presence-register.lua");
    static final Script PRESENCE_RENEW = script("stream.lua", "presence-renew.lua");
    static final Script PRESENCE_LAPSED = script("presence-lapsed.lua");
    static final Script PRESENCE_END = script("stream.lua", "presence-end.lua");
    static final List<Script> ALL = List.of(
            APPEND,
            READ,
            POSITIONS,
            GENERATION,
            SESSION_TAKE,
            SESSION_WRITE,
            INGEST_TAKE,
            INGEST_DONE,
            INGEST_DEAD,
            INGEST_RELEASE,
            CENSUS_WRITE,
            CENSUS_READ,
            PRESENCE_ENTER,
            PRESENCE_LEAVE,
            PRESENCE_SWEEP,
            PRESENCE_PAGE,
            PRESENCE_KEEP,
            PRESENCE_REGISTER,
            PRESENCE_RENEW,
            PRESENCE_LAPSED,
            PRESENCE_END);

    private Scripts() {}

    /** A call of a script that the server knows. */
    static Request request(Scripts.Script script, List<String> scriptKeys, Object... arguments) {
        Request request = Request.cmd(Command.EVALSHA).arg(script.sha()).arg(scriptKeys.size());
        scriptKeys.forEach(request::arg);
        for (Object argument : arguments) {
            if (argument instanceof byte[] bytes) {
                request.arg(bytes);
            } else {
                request.arg(argument.toString());
            }
        }
        return request;
    }

    private static Script script(String... files) {
        StringBuilder text = new StringBuilder();
        for (String file : files) {
            text.append(read("/redis/" + file));
        }
        return new Script(text.toString(), sha1(text.toString()));
    }

    private static String read(String resource) {
        try (InputStream in = Objects.requireNonNull(Scripts.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
