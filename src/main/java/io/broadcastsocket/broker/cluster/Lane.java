package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.Draft;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The publications of one channel that wait for the log: a batch that is under way, and those that come after it.
 *
 * <p>Event loop only; pure. The next batch begins only when the one before has come back, so nothing changes places, however
 * often a batch has to be sent; and the more comes meanwhile, the more the next one takes.
 */
final class Lane {
    /** Most publications and bytes in a batch, so that no log is busy for long. */
    private static final int MOST_PUBLICATIONS = 500;

    private static final int MOST_BYTES = 512 * 1024;

    /**
     * A publication.
     *
     * @param until when it is too late, nanoseconds as of {@link System#nanoTime}
     */
    record Waiting(Draft draft, long until, Promise<Accepted> promise) {
        int bytes() {
            return draft.data().length;
        }
    }

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private List<Waiting> underWay = List.of();
    private Batch batch;
    private int tries;

    void add(Waiting publication) {
        waiting.add(publication);
    }

    boolean isFree() {
        return underWay.isEmpty();
    }

    boolean isEmpty() {
        return isFree() && waiting.isEmpty();
    }

    /** What is under way. */
    List<Waiting> underWay() {
        return underWay;
    }

    Batch batch() {
        return batch;
    }

    /** How often the batch has failed. */
    int tries() {
        return tries;
    }

    void failed() {
        tries++;
    }

    /** Takes the next batch; only when it is free and not empty. */
    void take(String producer, long number) {
        List<Waiting> next = new ArrayList<>();
        int bytes = 0;
        while (!waiting.isEmpty()
                && next.size() < MOST_PUBLICATIONS
                && (next.isEmpty() || bytes + waiting.peek().bytes() <= MOST_BYTES)) {
            bytes += waiting.peek().bytes();
            next.add(waiting.poll());
        }
        underWay = next;
        tries = 0;
        batch = new Batch(
                producer,
                number,
                next.stream().map(one -> Batch.Item.of(one.draft())).toList());
    }

    /** The batch has come back, or is given up. */
    void free() {
        underWay = List.of();
        batch = null;
    }

    /** Takes out those that wait behind the batch and are too late. */
    List<Waiting> overdue(long now) {
        List<Waiting> overdue = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.peek().until() - now < 0) {
            overdue.add(waiting.poll());
        }
        return overdue;
    }
}
