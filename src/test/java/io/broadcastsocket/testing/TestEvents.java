package io.broadcastsocket.testing;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;

/** A client of an event stream that reads it as WHATWG HTML, section 9.2.6, says. */
public final class TestEvents implements AutoCloseable {
    private static final int DEADLINE_SECONDS = 10;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** One event. */
    public record Event(String type, String id, String data) {
        public JsonObject json() {
            return new JsonObject(data);
        }
    }

    private final HttpResponse<InputStream> response;
    private final LinkedBlockingDeque<Event> events = new LinkedBlockingDeque<>();
    private final LinkedBlockingDeque<String> comments = new LinkedBlockingDeque<>();

    private TestEvents(HttpResponse<InputStream> response) {
        this.response = response;
        Thread reader = new Thread(this::read, "event-stream");
        reader.setDaemon(true);
        reader.start();
    }

    /** Opens a stream; {@code lastEventId} may be null. */
    public static TestEvents open(int port, String query, String lastEventId) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/events?" + query));
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            return new TestEvents(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public HttpResponse<InputStream> response() {
        return response;
    }

    /** The next event. */
    public Event next() {
        return take(events);
    }

    /** The next event, which has this type. */
    public Event next(String type) {
        Event event = next();
        if (!event.type().equals(type)) {
            throw new AssertionError("expected " + type + " but got " + event);
        }
        return event;
    }

    /** The next comment. */
    public String nextComment() {
        return take(comments);
    }

    private <T> T take(LinkedBlockingDeque<T> queue) {
        try {
            T taken = queue.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
            if (taken == null) {
                throw new AssertionError("nothing came; status " + response.statusCode());
            }
            return taken;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void read() {
        String type = "message";
        String id = "";
        List<String> data = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    if (!data.isEmpty()) {
                        events.add(new Event(type, id, String.join("\n", data)));
                    }
                    type = "message";
                    data.clear();
                } else if (line.startsWith(":")) {
                    comments.add(line);
                } else if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data.add(line.substring(6));
                }
            }
        } catch (IOException | UncheckedIOException closed) {
            // The test has closed it.
        }
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
