package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.deployment.LocalDeployment;
import io.broadcastsocket.verify.deployment.LocalNode;
import io.broadcastsocket.verify.options.FaultName;

/** Each node in turn is killed, and started again when its clients are served by others, if others can serve. */
record Kill(LocalDeployment deployment) implements Fault {
    @Override
    public String name() {
        return FaultName.KILL.word();
    }

    @Override
    public boolean sparesState() {
        return deployment.target().outlivesOne();
    }

    @Override
    public void play(Stage stage) {
        for (LocalNode node : deployment.nodes()) {
            stage.expectComebacks(node.endpoint() + " was killed", () -> {
                stage.strike(node::kill);
                if (deployment.target().canSpareOne()) {
                    stage.awaitServed();
                }
                node.start();
                deployment.awaitReady(node);
                stage.awaitServed();
            });
        }
    }
}
