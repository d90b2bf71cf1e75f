package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.deployment.LocalDeployment;
import io.broadcastsocket.verify.deployment.LocalNode;
import io.broadcastsocket.verify.options.FaultName;

/** A deploy: each node in turn gets SIGTERM, drains, and is started again. */
record Rolling(LocalDeployment deployment) implements Fault {
    @Override
    public String name() {
        return FaultName.ROLLING.word();
    }

    @Override
    public boolean sparesState() {
        return deployment.target().outlivesOne();
    }

    @Override
    public void play(Stage stage) {
        for (LocalNode node : deployment.nodes()) {
            stage.expectComebacks(node.endpoint() + " was restarted", () -> {
                stage.strike(node::terminate);
                node.awaitEnd();
                node.start();
                deployment.awaitReady(node);
                stage.awaitServed();
            });
        }
    }
}
