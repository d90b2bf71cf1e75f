package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.options.FaultName;

/** Some clients take nothing for a while, and then all of it. */
record Slow() implements Fault {
    private static final int EACH = 3;
    /** So that what they do not take is more than the buffers of their connections hold. */
    private static final int PADDING = 16 * 1024;

    @Override
    public String name() {
        return FaultName.SLOW.word();
    }

    @Override
    public void play(Stage stage) {
        stage.strike(() -> stage.tell(() -> {
            stage.load().enlarge(Math.min(PADDING, stage.wires().maxMessageBytes() / 2));
            if (stage.crowd().slow(EACH) == 0) {
                stage.noEffect("no client was connected that could be slow");
            }
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
