package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.deployment.DeploymentException;
import io.broadcastsocket.verify.deployment.Processes;

/** What an operator does to the deployment, as a shell command. */
public record ShellCommand(String name, String command, Processes processes) implements Fault {
    private static final long POLL_MS = 20;

    @Override
    public void play(Stage stage) {
        Process[] shell = new Process[1];
        stage.strike(() -> shell[0] = processes.shell(command));
        while (shell[0].isAlive()) {
            stage.pause(POLL_MS);
        }
        stage.awaitServed();
        if (shell[0].exitValue() != 0) {
            throw new DeploymentException("the command ended with " + shell[0].exitValue() + ": " + command);
        }
    }
}
