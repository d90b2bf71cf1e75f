package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.deployment.LocalDeployment;
import io.broadcastsocket.verify.deployment.LocalNode;

/** A deploy: each node in turn gets SIGTERM, drains, and is started again. */
record Rolling(LocalDeployment deployment) implements Fault {
    @Override
    public String name() {
        return "rolling";
    }

    @Override
    public void play(Stage stage) {
        for (LocalNode node : deployment.nodes()) {
            stage.strike(node::terminate);
            node.awaitEnd();
            node.start();
            deployment.awaitReady(node);
            stage.awaitServed();
        }
    }
}
