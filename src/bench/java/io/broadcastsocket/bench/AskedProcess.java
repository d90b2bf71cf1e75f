package io.broadcastsocket.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A process that answers each line of its standard input with a line that begins with {@value #ANSWER}. */
final class AskedProcess implements AutoCloseable {
    static final String ANSWER = "answer ";

    private final ChildProcess child;
    private final BufferedReader answers;

    private AskedProcess(ChildProcess child) {
        this.child = child;
        this.answers = child.process.inputReader(StandardCharsets.UTF_8);
    }

    static AskedProcess start(List<String> command, Processor processor, Path log) throws IOException {
        return new AskedProcess(ChildProcess.talkingTo(command, processor, log));
    }

    long pid() {
        return child.process.pid();
    }

    String ask(String line) throws IOException {
        child.process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        child.process.getOutputStream().flush();
        for (String answer = answers.readLine(); answer != null; answer = answers.readLine()) {
            if (answer.startsWith(ANSWER)) {
                return answer.substring(ANSWER.length());
            }
        }
        throw new IOException("it ended instead of answering to: " + line);
    }

    @Override
    public void close() {
        child.close();
    }
}
