package io.broadcastsocket.broker.redis;

import io.broadcastsocket.model.RedisUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import java.util.concurrent.TimeUnit;

/**
 * Opens connections to Redis servers.
 *
 * <p>Event loop only.
 */
final class Connector {
    private static final String CLIENT_NAME = "broadcast-socket";

    private final Vertx vertx;
    private final RedisSettings settings;

    Connector(Vertx vertx, RedisSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
    }

    /** Opens a connection to a server that holds data. */
    Future<Line> open(RedisUrl.Endpoint endpoint) {
        RedisUrl url = settings.url();
        RedisOptions options = options(endpoint, url.database());
        if (!url.password().isEmpty()) {
            options.setPassword(url.password());
            if (!url.user().isEmpty()) {
                options.setUser(url.user());
            }
        }
        return connect(endpoint, options);
    }

    /** Opens a connection to a Sentinel; the URL's password is not for it. */
    Future<Line> openSentinel(RedisUrl.Endpoint endpoint) {
        RedisOptions options = options(endpoint, 0);
        if (!settings.url().sentinelPassword().isEmpty()) {
            options.setPassword(settings.url().sentinelPassword());
        }
        return connect(endpoint, options);
    }

    private RedisOptions options(RedisUrl.Endpoint endpoint, int database) {
        boolean tls = settings.url().encryption() == RedisUrl.Encryption.TLS;
        NetClientOptions net = new NetClientOptions()
                .setConnectTimeout((int) settings.deadlineMs())
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true);
        if (tls) {
            net.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
            if (!settings.caFile().isEmpty()) {
                net.setTrustOptions(new PemTrustOptions().addCertPath(settings.caFile()));
            }
        }
        return new RedisOptions()
                .setConnectionString((tls ? "rediss://" : "redis://") + endpoint
                        // A Sentinel has no databases, not even this one.
                        + (database == 0 ? "" : "/" + database) + "?client=" + CLIENT_NAME)
                .setMaxPoolSize(1)
                .setPoolRecycleTimeout(-1)
                .setMaxWaitingHandlers(Line.WINDOW)
                .setNetClientOptions(net);
    }

    private Future<Line> connect(RedisUrl.Endpoint endpoint, RedisOptions options) {
        Redis client = Redis.createClient(vertx, options);
        return client.connect()
                .timeout(settings.deadlineMs(), TimeUnit.MILLISECONDS)
                .map(connection -> new Line(client, connection))
                .recover(failure -> {
                    client.close();
                    RedisFailure cause = RedisFailure.of(failure);
                    return Future.failedFuture(
                            cause.kind() == RedisFailure.Kind.LOST
                                    ? RedisFailure.lost(
                                            "no connection to " + endpoint + " (" + cause.getMessage() + ")")
                                    : cause.at(endpoint));
                });
    }
}
