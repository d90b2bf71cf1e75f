package io.broadcastsocket.broker;

import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.Map;

/**
 * Port to the shared log of publications, and to their announcement.
 *
 * <p>Thread-safe; a future completes on the event loop of its caller. Every adapter keeps these obligations; {@code BrokerContract} has a test for each number.
 *
 * <ol>
 *   <li><b>Append</b> gives a publication the next offset of its channel, from 1, without holes, atomically with making
 *       it visible to {@link #read}.
 *   <li><b>Idempotent</b>: a publisher's {@code messageId} seen on that channel within the deduplication window returns
 *       the first position as a duplicate and appends nothing. Retries never reorder.
 *   <li><b>Announce</b>: each appended publication is offered to every attached listener. Announcements may get lost, come
 *       late or twice: the log is the truth.
 *   <li><b>Read</b> returns publications in order after a position, or says that the position cannot be served and where
 *       the history begins.
 *   <li><b>Epoch</b> changes whenever an offset that was given out could have been lost or given out again. Epoch and top
 *       outlive the data.
 *   <li><b>Interest</b>: when the future of {@link #attach} completes, everything after the returned position will be
 *       announced.
 *   <li><b>Unavailable</b> is the one failure, {@link BrokerUnavailable}: nothing was acknowledged, and the same may be asked again
 *       with the same message id.
 *   <li><b>History</b> is bounded by size and age; idle channels cost nothing.
 * </ol>
 */
public interface Broker {
    /** Receives announcements; called on any thread, must not block. */
    interface Listener {
        void announced(Publication publication);

        /** The log is at this position, and announcements up to it may have got lost: what is missing has to be read. */
        default void moved(String channel, Position top) {}
    }

    /** Appends a publication. Fails with {@link BrokerUnavailable} when that is not certain. */
    Future<Accepted> append(Draft draft);

    /**
     * Reads publications after a position.
     *
     * @param limit the most publications to return, at least 1; an adapter may return fewer, but at least one if there is
     *     one
     */
    Future<ReadResult> read(String channel, Position after, int limit);

    /**
     * The newest position of each of these channels; a channel that was never used gets a position at offset 0. Fails when
     * none can be had; a single one that cannot is left out.
     */
    Future<Map<String, Position>> tops(Collection<String> channels);

    /** Announces a channel's publications to this listener from the returned position on. Attaching twice counts once. */
    Future<Position> attach(String channel, Listener listener);

    /** Ends the announcements of a channel to this listener. */
    void detach(String channel, Listener listener);

    /** How the broker is at the moment. */
    BrokerStatus status();
}
