package io.broadcastsocket.verify.fault;

/** Some clients take nothing for a while, and then all of it. */
record Slow() implements Fault {
    private static final int EACH = 3;
    /** So that what they do not take is more than the buffers of their connections hold. */
    private static final int PADDING = 16 * 1024;

    @Override
    public String name() {
        return "slow";
    }

    @Override
    public void play(Stage stage) {
        stage.strike(() -> stage.tell(() -> {
            stage.load().enlarge(Math.min(PADDING, stage.wires().maxMessageBytes() / 2));
            stage.crowd().slow(EACH);
        }));
        try {
            stage.pause(stage.pace().slowMs());
        } finally {
            stage.tell(() -> {
                stage.load().enlarge(0);
                stage.crowd().hurry();
            });
        }
        stage.awaitServed();
    }
}
