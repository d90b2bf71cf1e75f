package io.broadcastsocket.broker.cluster;

import com.hazelcast.spi.exception.SilentException;

/** The log may be the past, and has to begin another epoch before it shows anything; whoever is told so sees to it. */
final class PastLog extends RuntimeException implements SilentException {
    private static final long serialVersionUID = 1L;

    PastLog() {
        super("the log was kept while others may have gone on", null, false, false);
    }
}
