package io.broadcastsocket.broker.cluster;

import com.hazelcast.spi.exception.SilentException;

/**
 * The owner of a log does nothing with it at the moment; asking again later may succeed. Silent: Hazelcast does not log it,
 * since whoever asked is told.
 */
final class NotServing extends RuntimeException implements SilentException {
    private static final long serialVersionUID = 1L;

    NotServing(String reason) {
        super(reason, null, false, false);
    }
}
