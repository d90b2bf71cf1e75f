package io.broadcastsocket.verify.fault;

/** Something that goes wrong under load. */
public interface Fault {
    /** The word for it on the command line and in reports. */
    String name();

    /**
     * Does it, and undoes it; returns when it is over and everybody should be served.
     *
     * <p>On the script's thread, under load.
     */
    void play(Stage stage);

    /** Whether nodes may lose neither publications nor sessions by it. */
    default boolean sparesState() {
        return true;
    }

    /** Whether clients connect through relays that can be cut. */
    default boolean cutsConnections() {
        return false;
    }
}
