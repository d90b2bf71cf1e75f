package io.broadcastsocket.bench;

import io.broadcastsocket.broker.Broker;
import io.broadcastsocket.broker.redis.RedisAdapter;
import io.broadcastsocket.broker.redis.RedisSettings;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.ChannelRule;
import io.broadcastsocket.model.ChannelRules;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.broadcastsocket.model.RedisUrl;
import io.broadcastsocket.model.SessionSnapshot;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/**
 * A bridge to Redis without the rest of a node, in a process of its own: it is used from another event loop, as the workers
 * of a node do.
 *
 * <p>Does what the lines of its standard input say and answers each with a line:
 *
 * <ul>
 *   <li>{@code publish CHANNEL WINDOW BYTES}: keeps so many publications under way, until
 *   <li>{@code stop}: gives how many were acked, or what was wrong
 *   <li>{@code fill CHANNELS EACH BYTES}, {@code attach CHANNELS}, {@code detach CHANNELS}, {@code sessions COUNT CHANNELS}
 * </ul>
 */
public final class BridgeLoad {
    private static final int DEADLINE_SECONDS = 60;
    private static final int UNDER_WAY = 500;
    private static final String FINE = "ok";

    private static final Broker.Listener NOBODY = new Broker.Listener() {
        @Override
        public void announced(Publication publication) {}

        @Override
        public void moved(String channel, Position top) {}
    };

    private final Vertx vertx = Vertx.vertx(new io.vertx.core.VertxOptions().setPreferNativeTransport(true));
    private final RedisAdapter adapter;
    private Context worker;
    private PublishLoop publishing;

    private BridgeLoad(String url) {
        ChannelRule rule =
                new ChannelRule(new ChannelRule.History(1000, 1 << 24, 300_000), ChannelRule.SlowConsumer.RELIABLE);
        RedisSettings.Queue queue = new RedisSettings.Queue(10_000, 1 << 26, 15_000);
        adapter = new RedisAdapter(
                new RedisSettings(
                        RedisUrl.parse(url),
                        UUID.randomUUID().toString(),
                        "broadcast",
                        "",
                        1000,
                        2000,
                        3000,
                        100,
                        queue,
                        300_000,
                        86_400_000,
                        new RedisSettings.Presence(10_000, 5_000),
                        false,
                        65_536),
                new ChannelRules(List.of(), rule),
                120_000);
    }

    /** Takes {@code --url}. */
    public static void main(String[] args) throws Exception {
        BridgeLoad load = new BridgeLoad(new Arguments(args).text("url", "redis://127.0.0.1"));
        load.open();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(AskedProcess.ANSWER + load.obey(line.split(" ")));
        }
        System.exit(0);
    }

    private void open() throws TimeoutException {
        vertx.deployVerticle(new AbstractVerticle() {
                    @Override
                    public void start() {
                        adapter.open(
                                vertx,
                                context,
                                token -> Future.succeededFuture(),
                                () -> Future.failedFuture("there is no node"));
                    }
                })
                .compose(bridge -> vertx.deployVerticle(new AbstractVerticle() {
                    @Override
                    public void start() {
                        worker = context;
                    }
                }))
                .await(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private String obey(String[] words) throws IOException, TimeoutException {
        switch (words[0]) {
            case "publish":
                publishing = new PublishLoop(adapter.broker(), words[1], number(words, 2), number(words, 3));
                worker.runOnContext(there -> publishing.start());
                return FINE;
            case "stop":
                return onWorker(publishing::stop);
            case "fill":
                byte[] data = data(number(words, 3));
                int channels = number(words, 1);
                return all(channels * number(words, 2), i -> adapter.broker()
                        .append(new Draft(
                                Publisher.channelName(i % channels),
                                data,
                                PublishLoop.messageId(i),
                                Draft.Identity.PUBLISHER,
                                null)));
            case "attach":
                return all(number(words, 1), i -> adapter.broker().attach(Publisher.channelName(i), NOBODY));
            case "detach":
                for (int i = 0; i < number(words, 1); i++) {
                    adapter.broker().detach(Publisher.channelName(i), NOBODY);
                }
                while (adapter.broker().status().counters().get("channelsSubscribed") > 0) {
                    Servers.pause(50);
                }
                Servers.pause(500);
                return FINE;
            case "sessions":
                return all(number(words, 1), i -> adapter.sessions().save(session(i, number(words, 2))));
            default:
                throw new IllegalArgumentException(words[0]);
        }
    }

    private static int number(String[] words, int index) {
        return Integer.parseInt(words[index]);
    }

    static byte[] data(int length) {
        byte[] data = new byte[length];
        Arrays.fill(data, (byte) 'x');
        data[0] = '"';
        data[length - 1] = '"';
        return data;
    }

    private static SessionSnapshot session(int number, int channels) {
        Map<String, SessionSnapshot.Cursor> cursors = new HashMap<>();
        for (int i = 0; i < channels; i++) {
            cursors.put(
                    Publisher.channelName(i),
                    new SessionSnapshot.Cursor(new Position("pq3kX0aB9zYw.0", 1000L + number), 1000L + number));
        }
        String token = String.format("%022d", number);
        return new SessionSnapshot(token, token.substring(10), cursors);
    }

    /** Does something many times, some of them at once. */
    private String all(int count, IntFunction<Future<?>> action) throws TimeoutException {
        return onWorker(() -> {
            List<Future<?>> lanes = new ArrayList<>();
            for (int lane = 0; lane < Math.min(count, UNDER_WAY); lane++) {
                lanes.add(from(lane, count, action));
            }
            return Future.all(lanes).map(FINE).otherwise(Throwable::getMessage);
        });
    }

    private static Future<?> from(int number, int count, IntFunction<Future<?>> action) {
        return action.apply(number)
                .compose(done -> number + UNDER_WAY < count
                        ? from(number + UNDER_WAY, count, action)
                        : Future.succeededFuture());
    }

    private String onWorker(java.util.function.Supplier<Future<String>> action) throws TimeoutException {
        io.vertx.core.Promise<String> promise = io.vertx.core.Promise.promise();
        worker.runOnContext(there -> action.get().onComplete(promise::handle));
        return promise.future().await(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Publications to one channel, so many under way; each ack has to name the offset after the one before. Event loop only.
     */
    private static final class PublishLoop {
        private final Broker broker;
        private final String channel;
        private final int window;
        private final byte[] data;
        private final io.vertx.core.Promise<String> stopped = io.vertx.core.Promise.promise();
        private long published;
        private long acked;
        private boolean stopping;
        private String wrong;

        PublishLoop(Broker broker, String channel, int window, int bytes) {
            this.broker = broker;
            this.channel = channel;
            this.window = window;
            this.data = data(bytes);
        }

        /** As long as those of redis-benchmark. */
        static String messageId(long number) {
            return "m-" + String.valueOf(1_000_000_000_000L + number).substring(1);
        }

        void start() {
            for (int i = 0; i < window; i++) {
                publish();
            }
        }

        Future<String> stop() {
            stopping = true;
            return stopped.future();
        }

        private void publish() {
            broker.append(new Draft(channel, data, messageId(published++), Draft.Identity.PUBLISHER, null))
                    .onComplete(this::acked, failure -> {
                        wrong = "a publish failed: " + failure.getMessage();
                        next();
                    });
        }

        private void acked(Accepted accepted) {
            acked++;
            if (accepted.outcome() != Accepted.Outcome.APPENDED
                    || accepted.position().offset() != acked) {
                wrong = "ack " + acked + " names " + accepted;
            }
            next();
        }

        private void next() {
            if (!stopping) {
                publish();
            } else if (acked == published || wrong != null) {
                stopped.tryComplete(wrong == null ? FINE + " " + acked : wrong);
            }
        }
    }
}
