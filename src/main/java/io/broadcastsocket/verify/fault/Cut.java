package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.options.FaultName;
import io.broadcastsocket.verify.wire.Relay;

/** Connections of clients end without a word: some of them, others, and all at once. */
record Cut() implements Fault {
    private static final double[] SHARES = {0.3, 0.3, 1};

    @Override
    public String name() {
        return FaultName.CUT.word();
    }

    @Override
    public boolean cutsConnections() {
        return true;
    }

    @Override
    public void play(Stage stage) {
        for (double share : SHARES) {
            stage.expectComebacks("connections were cut", () -> {
                stage.strike(() -> stage.tell(() -> cut(stage, share)));
                stage.awaitServed();
            });
            stage.pause(stage.random().nextInt(500));
        }
    }

    private static void cut(Stage stage, double share) {
        int cut = 0;
        for (Relay relay : stage.relays()) {
            cut += relay.cut(share, stage.random());
        }
        if (cut == 0) {
            stage.noEffect("there was no connection to cut");
        }
    }
}
