package io.broadcastsocket.verify.deployment;

import io.broadcastsocket.verify.wire.Endpoint;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A node as a process of its own, which keeps its ports for its life.
 *
 * <p>Confined to the script's thread.
 */
public final class LocalNode {
    private static final long END_MS = 30_000;
    private static final Duration ASK = Duration.ofSeconds(2);

    private final Processes processes;
    private final List<String> command;
    private final Endpoint endpoint;
    private final File log;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(ASK)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final List<String> deaths = new ArrayList<>();
    private Process process;
    private boolean wanted;

    LocalNode(Processes processes, List<String> command, Endpoint endpoint, File log) {
        this.processes = processes;
        this.command = List.copyOf(command);
        this.endpoint = endpoint;
        this.log = log;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    URI url() {
        return URI.create("http://" + endpoint.host() + ":" + endpoint.port());
    }

    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Starts it; {@link #isReady} tells when it serves. */
    public void start() {
        noteDeath();
        process = processes.start(command, log);
        wanted = true;
    }

    /** How often it has ended by itself since this was asked last; a sentence for each. */
    List<String> deaths() {
        noteDeath();
        List<String> told = List.copyOf(deaths);
        deaths.clear();
        return told;
    }

    /** As it says itself at {@code /health/ready}. */
    public boolean isReady() {
        if (!isRunning()) {
            throw new DeploymentException(endpoint + " has ended by itself; its log is " + log);
        }
        try {
            HttpRequest request = HttpRequest.newBuilder(url().resolve("/health/ready"))
                    .timeout(ASK)
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** SIGKILL; returns when it is dead. */
    public void kill() {
        unwanted();
        Processes.kill(process);
    }

    /** SIGSTOP. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void thaw() {
        signal("CONT");
    }

    /** SIGTERM: it drains, and ends by itself. */
    public void terminate() {
        unwanted();
        process.destroy();
    }

    /** Waits for the end after {@link #terminate}; fails when it takes too long or is not a good one. */
    public void awaitEnd() {
        if (!Processes.awaitEnd(process, END_MS)) {
            Processes.kill(process);
            throw new DeploymentException(
                    endpoint + " did not end within " + END_MS / 1000 + " s after SIGTERM; its log is " + log);
        }
        if (process.exitValue() != 0) {
            throw new DeploymentException(
                    endpoint + " ended with " + process.exitValue() + " after SIGTERM; its log is " + log);
        }
    }

    private void unwanted() {
        noteDeath();
        wanted = false;
    }

    private void noteDeath() {
        if (wanted && !process.isAlive()) {
            wanted = false;
            deaths.add(endpoint + " ended by itself with " + process.exitValue() + "; its log is " + log);
        }
    }

    private void signal(String name) {
        Processes.run("kill", "-" + name, Long.toString(process.pid()));
    }
}
