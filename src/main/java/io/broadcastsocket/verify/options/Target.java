package io.broadcastsocket.verify.options;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** What is verified. */
public sealed interface Target {
    <R> R accept(Visitor<R> visitor);

    /** How many nodes there are. */
    int size();

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
        public int size() {
            return nodes.size();
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.running(this);
        }
    }

    /** Nodes that the tool starts itself. */
    record Local(int nodes, Broker broker) implements Target {
        /** So that all but one are more than half. */
        private static final int CLUSTER = 3;

        private static final int WITH_REDIS = 2;

        @Override
        public int size() {
            return nodes;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.local(this);
        }

        /** Whether the others serve while any one node is away. */
        public boolean canSpareOne() {
            return needOfOthers().isEmpty();
        }

        /** Whether publications and sessions outlive the end of any one node. */
        public boolean outlivesOne() {
            return broker.accept(new Broker.Visitor<Boolean>() {
                @Override
                public Boolean cluster() {
                    return canSpareOne();
                }

                @Override
                public Boolean redis(Broker.Redis redis) {
                    return true;
                }

                @Override
                public Boolean memory() {
                    return false;
                }
            });
        }

        /** What is wanting for the others to serve while any one node is away. */
        Optional<String> needOfOthers() {
            return broker.accept(new Broker.Visitor<Optional<String>>() {
                @Override
                public Optional<String> cluster() {
                    return need(CLUSTER, ": of two that are parted neither accepts anything");
                }

                @Override
                public Optional<String> redis(Broker.Redis redis) {
                    return need(WITH_REDIS, "");
                }

                @Override
                public Optional<String> memory() {
                    return Optional.of("it needs nodes that share a broker");
                }
            });
        }

        private Optional<String> need(int least, String why) {
            return nodes >= least
                    ? Optional.empty()
                    : Optional.of("it needs " + least + " nodes or more, --local " + least + why);
        }
    }
}
