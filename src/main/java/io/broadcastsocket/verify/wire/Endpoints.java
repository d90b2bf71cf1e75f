package io.broadcastsocket.verify.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The nodes that clients know, and which of them is tried next.
 *
 * <p>Event loop only.
 */
public final class Endpoints {
    private final List<Endpoint> all;
    private final Random random;

    public Endpoints(List<Endpoint> all, Random random) {
        this.all = new ArrayList<>(all);
        this.random = random;
    }

    public List<Endpoint> all() {
        return List.copyOf(all);
    }

    public void add(Endpoint endpoint) {
        all.add(endpoint);
    }

    public void remove(Endpoint endpoint) {
        all.remove(endpoint);
    }

    /** One for the client with this number at its first attempt. */
    public Endpoint first(int number) {
        return all.get(number % all.size());
    }

    /** Any other than that, if there is another. */
    public Endpoint otherThan(Endpoint endpoint) {
        List<Endpoint> others =
                all.stream().filter(one -> !one.equals(endpoint)).toList();
        return others.isEmpty() ? all.get(0) : others.get(random.nextInt(others.size()));
    }

    /** Milliseconds before an attempt: up to the spread at first, then growing with each failure. */
    public long delayMs(int failures, long spreadMs) {
        long most = failures == 0 ? spreadMs : Math.min(5000, 50L << Math.min(failures, 7));
        return 1 + (long) (random.nextDouble() * most);
    }
}
