package io.broadcastsocket.transport.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.MimeMapping;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The page at {@code /} that shows what the server does, and the files it is made of, out of memory.
 *
 * <p>The build leaves them among the resources, with a manifest that names them. Nothing else can be asked for, so no path leads
 * anywhere. Vert.x's own {@code StaticHandler} tells versions apart by the time of a file, which is the same in every jar.
 *
 * <p>Immutable, thread-safe.
 */
public final class DemoPage {
    private static final String FOLDER = "/demo/";
    private static final String PAGE = "index.html";
    private static final String MANIFEST = "manifest.json";
    private static final String NOT_BUILT = "/demo-not-built.html";

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** Names of these files hold a hash of what is in them. */
    private static final String FOREVER = "public, max-age=31536000, immutable";

    private record Asset(int status, String type, String caching, String etag, Buffer content) {}

    private final Map<String, Asset> assets;

    private DemoPage(Map<String, Asset> assets) {
        this.assets = Map.copyOf(assets);
    }

    /** The page that was built with this server, or one that says how to build it. */
    public static DemoPage built() {
        return in(FOLDER);
    }

    /** @param folder of the class path, with a slash at both ends */
    static DemoPage in(String folder) {
        byte[] manifest = read(folder + MANIFEST);
        byte[] page = read(folder + PAGE);
        Map<String, Asset> assets = new LinkedHashMap<>();
        if (manifest == null || page == null) {
            assets.put("/", asset(404, PAGE, "no-store", Objects.requireNonNull(read(NOT_BUILT))));
            return new DemoPage(assets);
        }
        assets.put("/", asset(200, PAGE, "no-cache", page));
        for (String file : files(new JsonObject(Buffer.buffer(manifest)))) {
            byte[] content = Objects.requireNonNull(read(folder + file), file);
            assets.put("/" + file, asset(200, file, FOREVER, content));
        }
        return new DemoPage(assets);
    }

    /** Adds a route for each file; to HEAD, the server leaves out the body. */
    public void mount(Router router) {
        assets.forEach(
                (path, asset) -> router.get(path).method(HttpMethod.HEAD).handler(context -> send(context, asset)));
    }

    private static void send(RoutingContext context, Asset asset) {
        HttpServerResponse response = context.response();
        response.putHeader(HttpHeaders.CACHE_CONTROL, asset.caching())
                .putHeader(HttpHeaders.ETAG, asset.etag())
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer");
        if (asset.status() == 200 && context.isFresh()) {
            response.setStatusCode(304).end();
            return;
        }
        response.setStatusCode(asset.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, asset.type())
                .putHeader(
                        HttpHeaders.CONTENT_LENGTH,
                        Integer.toString(asset.content().length()))
                .end(asset.content());
    }

    /** The files that the page is made of, by Vite's manifest. */
    private static Set<String> files(JsonObject manifest) {
        Set<String> files = new TreeSet<>();
        for (String source : manifest.fieldNames()) {
            JsonObject chunk = manifest.getJsonObject(source);
            files.add(chunk.getString("file"));
            for (String list : List.of("css", "assets")) {
                chunk.getJsonArray(list, new JsonArray()).forEach(file -> files.add((String) file));
            }
        }
        return files;
    }

    private static Asset asset(int status, String name, String caching, byte[] content) {
        String type = MimeMapping.mimeTypeForFilename(name);
        String typeAndCharset = type.startsWith("text/") ? type + "; charset=utf-8" : type;
        return new Asset(status, typeAndCharset, caching, etag(content), Buffer.buffer(content));
    }

    private static String etag(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Null when there is no such resource. */
    private static byte[] read(String name) {
        try (InputStream in = DemoPage.class.getResourceAsStream(name)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
