package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.deployment.DeploymentException;
import io.broadcastsocket.verify.deployment.Processes;

/** What an operator does to the deployment, as a shell command. */
public record ShellCommand(String name, String command, Processes processes) implements Fault {
    private static final long POLL_MS = 20;

    /** Nobody knows what it does. */
    @Override
    public boolean sparesState() {
        return false;
    }

    @Override
    public void play(Stage stage) {
        Process shell = processes.shell(command);
        // When it hurts nobody knows but the command: what is told is the time from its end.
        stage.strike(() -> {
            while (shell.isAlive()) {
                stage.pause(POLL_MS);
            }
        });
        stage.awaitServed();
        if (shell.exitValue() != 0) {
            throw new DeploymentException("the command ended with " + shell.exitValue() + ": " + command);
        }
    }
}
