package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.options.FaultName;

/** Every publication is sent over two nodes at once, and again when it is acknowledged, always under one message id. */
record Resend() implements Fault {
    @Override
    public String name() {
        return FaultName.RESEND.word();
    }

    @Override
    public void play(Stage stage) {
        stage.strike(() -> stage.tell(() -> stage.load().repeat()));
        stage.awaitServed();
        stage.pause(stage.pace().aroundMs());
        stage.expectRepetitions();
    }
}
