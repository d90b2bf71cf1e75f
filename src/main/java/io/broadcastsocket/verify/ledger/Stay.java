package io.broadcastsocket.verify.ledger;

/** A subscriber's way through one epoch: after {@code start}, up to {@code end}, but for what it missed. */
final class Stay {
    final String epoch;
    final long start;
    /** Announced by gaps as no longer in the history. */
    final Ranges trimmed = new Ranges();
    /** Passed over in silence. */
    final Ranges lost = new Ranges();

    long end;

    Stay(String epoch, long start) {
        this.epoch = epoch;
        this.start = start;
        this.end = start;
    }
}
