package io.broadcastsocket.verify.fault;

/** Connections of clients end without a word: some of them, others, and all at once. */
record Cut() implements Fault {
    private static final double[] SHARES = {0.3, 0.3, 1};

    @Override
    public String name() {
        return "cut";
    }

    @Override
    public boolean cutsConnections() {
        return true;
    }

    @Override
    public void play(Stage stage) {
        for (double share : SHARES) {
            stage.strike(() -> stage.tell(() -> stage.relays().forEach(relay -> relay.cut(share, stage.random()))));
            stage.awaitServed();
            stage.pause(stage.random().nextInt(500));
        }
    }
}
