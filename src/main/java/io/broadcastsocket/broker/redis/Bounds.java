package io.broadcastsocket.broker.redis;

import io.broadcastsocket.broker.ReadResult;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import java.util.Optional;

/**
 * What a read said about a channel's log.
 *
 * <p>Immutable, thread-safe. It is believed for a second, so that a crowd whose positions cannot be served does not ask one by
 * one: whoever gets an answer that is no longer right is told so by its next read. That does not hold for epochs: a position of an
 * epoch that is not known here may be of a later one.
 *
 * @param top the newest position
 * @param floor the oldest offset after which everything was there
 * @param start the offset after which the epoch began
 * @param previous the epoch before, whose offsets up to the start mean the same; empty where there is none
 * @param refused the epoch that was asked for, if it was over by then; otherwise the one that the channel is in
 * @param readAt nanoseconds as of {@link System#nanoTime}
 */
record Bounds(Position top, long floor, long start, String previous, String refused, long readAt) {
    private static final long BELIEVED_NANOS = 1_000_000_000L;

    boolean isBelieved() {
        return System.nanoTime() - readAt < BELIEVED_NANOS;
    }

    /** Whether this epoch was over before the channel's own began. */
    boolean isOver(String epoch) {
        return !epoch.equals(top.epoch()) && (epoch.equals(refused) || epoch.equals(previous));
    }

    boolean reaches(Position after) {
        return top.sameEpoch(after) && after.offset() < top.offset();
    }

    /** Why a read after this position gives nothing, if that is so. */
    Optional<ReadResult> refusal(Position after) {
        if (!top.sameEpoch(after) || after.offset() > top.offset()) {
            boolean survived = previous.equals(after.epoch()) && after.offset() < start;
            long resumeAt = Math.max(floor, survived ? after.offset() : start);
            return Optional.of(new ReadResult.Unservable(Gap.Reason.EPOCH, top.at(resumeAt), top));
        }
        if (after.offset() < floor) {
            return Optional.of(new ReadResult.Unservable(Gap.Reason.TRIMMED, top.at(floor), top));
        }
        return Optional.empty();
    }
}
