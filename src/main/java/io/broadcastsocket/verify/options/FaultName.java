package io.broadcastsocket.verify.options;

import io.broadcastsocket.config.Suggestion;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The faults that need no writing, in the order in which they are done. */
public enum FaultName {
    KILL,
    FREEZE,
    ROLLING,
    JOIN,
    CUT,
    SLOW,
    RESEND,
    PARTITION;

    /** The word on the command line and in reports. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Why it cannot be done to this target, if so: half a sentence for people. */
    Optional<String> obstacle(Target target) {
        return target.accept(new Target.Visitor<Optional<String>>() {
            @Override
            public Optional<String> running(Target.Running running) {
                return isOfNodes() ? Optional.of("it needs nodes that are started for it: --local") : Optional.empty();
            }

            @Override
            public Optional<String> local(Target.Local local) {
                return obstacle(local);
            }
        });
    }

    static FaultName parse(String word) throws UsageException {
        for (FaultName name : values()) {
            if (name.word().equals(word)) {
                return name;
            }
        }
        List<String> words = Arrays.stream(values()).map(FaultName::word).toList();
        throw new UsageException("the fault \"" + word + "\" is not known; there are " + String.join(", ", words)
                + Suggestion.sentence(word, words));
    }

    private boolean isOfNodes() {
        return switch (this) {
            case KILL, FREEZE, ROLLING, JOIN, PARTITION -> true;
            case CUT, SLOW, RESEND -> false;
        };
    }

    private Optional<String> obstacle(Target.Local local) {
        return switch (this) {
            case JOIN -> local.needOfOthers();
            case PARTITION -> local.needOfOthers().or(() -> local.broker().accept(PLAIN_REDIS));
            case KILL, FREEZE, ROLLING, CUT, SLOW, RESEND -> Optional.empty();
        };
    }

    /** A relay takes nodes to Redis during a partition, and a relay leads to one place. */
    private static final Broker.Visitor<Optional<String>> PLAIN_REDIS = new Broker.Visitor<>() {
        @Override
        public Optional<String> cluster() {
            return Optional.empty();
        }

        @Override
        public Optional<String> redis(Broker.Redis redis) {
            return redis.isPlain()
                    ? Optional.empty()
                    : Optional.of("it needs a single Redis without TLS: redis://host:port");
        }

        @Override
        public Optional<String> memory() {
            return Optional.empty();
        }
    };
}
