package io.broadcastsocket.broker;

import io.broadcastsocket.model.PresencePage;
import io.broadcastsocket.model.Visit;
import io.vertx.core.Future;

/**
 * Port to the members of channels, on all nodes.
 *
 * <p>Thread-safe; a future completes on the event loop of its caller. Every adapter keeps these obligations;
 * {@code PresenceContract} has a test for each number.
 *
 * <ol>
 *   <li><b>Enter</b> makes a client a member, or changes its info. A visit with a greater number takes a membership over
 *       from an earlier one, on whatever node that was; one with a smaller number changes nothing.
 *   <li><b>Leave</b> ends a membership only when it is still this visit's.
 *   <li><b>Told</b>: every change of who is there and with which info, and nothing else, is a publication of the channel's
 *       presence ({@link io.broadcastsocket.protocol.PresenceEvent}) in the log of the {@link Broker}. Those about one client
 *       stand there in the order of the changes, each once, also when a node dies in between; none comes after the future
 *       of its change. A repeated call changes nothing, so it tells nothing.
 *   <li><b>Page</b> shows every change whose future has completed. A change that it does not show is told after it: whoever
 *       follows the log from before a page misses nobody.
 *   <li><b>Count</b> costs the same for few members and for many.
 *   <li><b>Death</b>: the members of a node that died leave within the time of its lease and a few seconds, each told once.
 *       Those of a node that stops leave after the linger time, unless a later visit has taken them over.
 *   <li><b>Loss</b>: when the store has lost members, those that have entered here and not left are back within seconds.
 *   <li><b>Unavailable</b> is the one failure, {@link BrokerUnavailable}: the change was made or not; the same call may be
 *       repeated.
 * </ol>
 */
public interface PresenceStore {
    /** What has become of a client that entered. */
    enum Change {
        /** It was not there. */
        JOINED,
        /** It was there, with other info. */
        CHANGED,
        /** It was there with the same info, by an earlier visit. */
        MOVED,
        /** It is there as it was, or by a later visit. */
        NONE
    }

    /**
     * A client is in a channel by this visit.
     *
     * @param info what it says about itself, as JSON
     */
    Future<Change> enter(String channel, Visit visit, String info);

    /** A client's visit is over; tells whether it was removed. */
    Future<Boolean> leave(String channel, Visit visit);

    /**
     * Who is in a channel, by client id.
     *
     * @param after id of the client before the page; empty for the first page
     * @param limit most members of the page; with 0, members are not looked at
     */
    Future<PresencePage> page(String channel, String after, int limit);
}
