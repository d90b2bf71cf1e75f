package io.broadcastsocket.verify.options;

/** What local nodes are started with. */
public sealed interface Broker {
    <R> R accept(Visitor<R> visitor);

    /** One method for each. */
    interface Visitor<R> {
        R cluster();

        R redis(String url);

        R memory();
    }

    /** Hazelcast members that know each other. */
    record Cluster() implements Broker {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.cluster();
        }
    }

    /** @param url of a Redis that runs already */
    record Redis(String url) implements Broker {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.redis(url);
        }
    }

    /** One node on its own. */
    record Memory() implements Broker {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.memory();
        }
    }
}
