package io.broadcastsocket.verify.deployment;

import io.broadcastsocket.verify.wire.Endpoint;
import java.util.List;

/** The nodes that are verified. */
public interface Deployment {
    /** Where clients connect. */
    List<Endpoint> endpoints();

    Publishing publishing();

    /** Nodes that have ended by themselves since this was asked last, if that can be known; a sentence for each. */
    List<String> deaths();
}
