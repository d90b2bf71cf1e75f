package io.broadcastsocket.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux accounts to one process. */
record ProcessFigures(long pid) {
    /** The kernel reports clock ticks of 1/100 s to user space on every architecture Java runs on. */
    private static final double TICKS_PER_SECOND = 100;
    /** Fields of {@code /proc/PID/stat} counted after the command name, which may hold blanks: utime, stime. */
    private static final int USER_TIME = 11;

    private static final int SYSTEM_TIME = 12;

    /** User and system time of all threads, ended ones included, in seconds. */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) / TICKS_PER_SECOND;
    }

    /** Resident set in kB. */
    long residentKilobytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no resident set of process " + pid);
    }
}
