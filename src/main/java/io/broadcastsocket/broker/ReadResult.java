package io.broadcastsocket.broker;

import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import java.util.List;

/** What a read of the log gives. */
public sealed interface ReadResult {
    /** The newest position of the channel when it was read. */
    Position top();

    <R> R accept(Visitor<R> visitor);

    /**
     * Publications in offset order, the first right after the position asked for.
     *
     * @param publications empty when the position asked for is the top
     */
    record Page(List<Publication> publications, Position top) implements ReadResult {
        public Page {
            publications = List.copyOf(publications);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.page(this);
        }
    }

    /**
     * The position asked for cannot be continued.
     *
     * @param reason epoch differs, or trimmed
     * @param resumeAt where a read would succeed: after what was trimmed, or where another epoch takes up
     */
    record Unservable(Gap.Reason reason, Position resumeAt, Position top) implements ReadResult {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.unservable(this);
        }
    }

    /** One method per kind of result. */
    interface Visitor<R> {
        R page(Page page);

        R unservable(Unservable unservable);
    }
}
