package io.broadcastsocket.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux accounts to some processes, summed up. */
record ProcessFigures(List<Long> pids) {
    /** The kernel reports clock ticks of 1/100 s to user space on every architecture Java runs on. */
    private static final double TICKS_PER_SECOND = 100;
    /** Fields of {@code /proc/PID/stat} counted after the command name, which may hold blanks: utime, stime. */
    private static final int USER_TIME = 11;

    private static final int SYSTEM_TIME = 12;

    ProcessFigures(long pid) {
        this(List.of(pid));
    }

    /** User and system time of all threads, ended ones included, in seconds. */
    double cpuSeconds() throws IOException {
        long ticks = 0;
        for (long pid : pids) {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            ticks += Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** Resident sets in kB. */
    long residentKilobytes() throws IOException {
        long sum = 0;
        for (long pid : pids) {
            sum += Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no resident set of process " + pid));
        }
        return sum;
    }
}
