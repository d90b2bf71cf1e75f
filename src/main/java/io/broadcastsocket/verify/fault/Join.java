package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.deployment.LocalDeployment;
import io.broadcastsocket.verify.deployment.LocalNode;

/** One more node joins, takes over some clients, and leaves again. */
record Join(LocalDeployment deployment) implements Fault {
    private static final int EACH = 3;

    @Override
    public String name() {
        return "join";
    }

    @Override
    public void play(Stage stage) {
        LocalNode newcomer = deployment.newcomer();
        try {
            stage.strike(newcomer::start);
            deployment.awaitReady(newcomer);
            stage.awaitServed();
            stage.strike(() -> stage.tell(() -> {
                stage.endpoints().add(newcomer.endpoint());
                stage.crowd().move(newcomer.endpoint(), EACH);
            }));
            stage.awaitServed();
            stage.pause(stage.pace().aroundMs());
        } finally {
            stage.tell(() -> stage.endpoints().remove(newcomer.endpoint()));
            if (newcomer.isRunning()) {
                stage.strike(newcomer::terminate);
                newcomer.awaitEnd();
            }
        }
        stage.awaitServed();
    }
}
