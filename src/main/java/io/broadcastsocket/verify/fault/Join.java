package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.deployment.LocalDeployment;
import io.broadcastsocket.verify.deployment.LocalNode;
import io.broadcastsocket.verify.options.FaultName;

/**
 * A node has left; another one joins in its place, takes over some clients, and leaves again, and the first one is back. So there are
 * never more nodes than belong together: a cluster counts them.
 */
record Join(LocalDeployment deployment) implements Fault {
    private static final int EACH = 3;

    @Override
    public String name() {
        return FaultName.JOIN.word();
    }

    @Override
    public boolean sparesState() {
        return deployment.target().outlivesOne();
    }

    @Override
    public void play(Stage stage) {
        LocalNode newcomer = deployment.newcomer();
        LocalNode place = deployment.nodes().get(deployment.nodes().size() - 1);
        stage.strike(place::terminate);
        place.awaitEnd();
        stage.awaitServed();
        try {
            stage.strike(newcomer::start);
            deployment.awaitReady(newcomer);
            stage.awaitServed();
            stage.strike(() -> stage.tell(() -> {
                stage.endpoints().add(newcomer.endpoint());
                stage.crowd().move(newcomer.endpoint(), EACH);
            }));
            stage.awaitServed();
            stage.expectClients(newcomer.endpoint());
            stage.pause(stage.pace().aroundMs());
        } finally {
            stage.tell(() -> stage.endpoints().remove(newcomer.endpoint()));
            if (newcomer.isRunning()) {
                stage.strike(newcomer::terminate);
                newcomer.awaitEnd();
            }
            deployment.restore();
        }
        stage.awaitServed();
    }
}
