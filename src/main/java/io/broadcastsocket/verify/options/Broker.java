package io.broadcastsocket.verify.options;

import io.broadcastsocket.model.RedisUrl;
import io.broadcastsocket.model.RedisUrl.Encryption;
import io.broadcastsocket.model.RedisUrl.Form;

/** What local nodes are started with. */
public sealed interface Broker {
    <R> R accept(Visitor<R> visitor);

    /** One method for each. */
    interface Visitor<R> {
        R cluster();

        R redis(Redis redis);

        R memory();
    }

    /** Hazelcast members that know each other. */
    record Cluster() implements Broker {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.cluster();
        }
    }

    /** @param url of a Redis that runs already, as {@link RedisUrl} reads it */
    record Redis(String url) implements Broker {
        /** Whether it is one server, without TLS. */
        public boolean isPlain() {
            RedisUrl parsed = RedisUrl.parse(url);
            return parsed.form() == Form.SINGLE && parsed.encryption() == Encryption.NONE;
        }

        /** The same database for the same user at another address; only of a plain one. */
        public Redis at(String address) {
            return new Redis(url.replaceFirst("^(redis://(?:[^@/]*@)?)[^/@?]+", "$1" + address));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.redis(this);
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
