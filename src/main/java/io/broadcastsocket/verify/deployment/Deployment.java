package io.broadcastsocket.verify.deployment;

import io.broadcastsocket.verify.wire.Endpoint;
import java.util.List;

/** The nodes that are verified. */
public interface Deployment {
    /** Where clients connect. */
    List<Endpoint> endpoints();

    Publishing publishing();
}
