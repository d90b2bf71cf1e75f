package io.broadcastsocket.verify.options;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** What is verified. */
public sealed interface Target {
    <R> R accept(Visitor<R> visitor);

    /** One method for each. */
    interface Visitor<R> {
        R running(Running running);

        R local(Local local);
    }

    /**
     * Nodes that run already.
     *
     * @param nodes their public URLs, with the schemes of HTTP
     * @param apis the URLs of their APIs, maybe none
     */
    record Running(List<URI> nodes, List<URI> apis, Optional<String> key) implements Target {
        public Running {
            nodes = List.copyOf(nodes);
            apis = List.copyOf(apis);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.running(this);
        }
    }

    /** Nodes that the tool starts itself. */
    record Local(int nodes, Broker broker) implements Target {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.local(this);
        }
    }
}
