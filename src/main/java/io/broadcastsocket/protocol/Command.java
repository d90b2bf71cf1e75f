package io.broadcastsocket.protocol;

import io.broadcastsocket.model.Position;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a client may ask for; {@code messageId} is null where the client gave none. */
public sealed interface Command {
    String messageId();

    <R> R accept(Visitor<R> visitor);

    /** From where a new subscription is served. */
    sealed interface Start {
        <R> R accept(StartVisitor<R> visitor);

        /** Only what comes from now on. */
        record Live() implements Start {
            @Override
            public <R> R accept(StartVisitor<R> visitor) {
                return visitor.live();
            }
        }

        /** Everything after a position the client knows. */
        record Since(Position position) implements Start {
            @Override
            public <R> R accept(StartVisitor<R> visitor) {
                return visitor.since(position);
            }
        }

        /** The newest publications of the history, then what comes. */
        record Last(int count) implements Start {
            @Override
            public <R> R accept(StartVisitor<R> visitor) {
                return visitor.last(count);
            }
        }
    }

    /** One method per way to begin. */
    interface StartVisitor<R> {
        R live();

        R since(Position position);

        R last(int count);
    }

    /**
     * @param info what the client shows of itself to those who ask who is in the channel; empty to show nothing, or what it
     *     shows already
     * @param watch whether it wants to be told who joins and leaves
     */
    record Subscribe(String messageId, String channel, Start start, Optional<String> info, Watch watch)
            implements Command {
        /** Without presence. */
        public Subscribe(String messageId, String channel, Start start) {
            this(messageId, channel, start, Optional.empty(), Watch.UNCHANGED);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.subscribe(this);
        }
    }

    /** Whether a subscriber is told who joins and leaves the channel. */
    enum Watch {
        ON,
        OFF,
        /** As it has been: in the beginning, off. */
        UNCHANGED
    }

    record Unsubscribe(String messageId, String channel) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.unsubscribe(this);
        }
    }

    /** @param echo whether the sender gets its own publication too */
    record Broadcast(String messageId, String channel, byte[] data, Echo echo) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.broadcast(this);
        }
    }

    /** Whether a publication comes back to its sender. */
    enum Echo {
        ON,
        OFF
    }

    /**
     * Takes up an earlier session and subscribes to many channels, each after a known position, in one round trip.
     *
     * @param session token of the earlier session, if it should be taken up
     * @param positions in the order in which the client named them: where there is room for some only, the first get it
     */
    record Resume(String messageId, Optional<String> session, Map<String, Position> positions) implements Command {
        public Resume {
            positions = Collections.unmodifiableMap(new LinkedHashMap<>(positions));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.resume(this);
        }
    }

    /** @param after where to begin; empty for the oldest there is */
    record History(String messageId, String channel, Optional<Position> after, int limit) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.history(this);
        }
    }

    /**
     * @param after id of the client before the page; empty for the first page
     * @param limit most members of the page; with 0, only the count is wanted
     */
    record Presence(String messageId, String channel, String after, int limit) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.presence(this);
        }
    }

    record Pong(String messageId) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.pong(this);
        }
    }

    /** One method per command: adding a command breaks the build until every place answers for it. */
    interface Visitor<R> {
        R subscribe(Subscribe command);

        R unsubscribe(Unsubscribe command);

        R broadcast(Broadcast command);

        R resume(Resume command);

        R history(History command);

        R presence(Presence command);

        R pong(Pong command);
    }
}
