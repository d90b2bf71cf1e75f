package io.broadcastsocket.verify.ledger;

/** Whether what nodes keep, publications and sessions, outlives what is done to them. */
public enum Survival {
    /** Nobody may lose anything: a new epoch, or a session that is gone, breaks the promise. */
    CERTAIN,
    /** The log may be lost, if a gap says so, and so may be sessions. */
    UNCERTAIN
}
