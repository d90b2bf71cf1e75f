package io.broadcastsocket.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What Linux accounts to some processes, summed up. */
record ProcessFigures(List<Long> pids) {
    /** The kernel reports clock ticks of 1/100 s to user space on every architecture Java runs on. */
    private static final double TICKS_PER_SECOND = 100;
    /** Fields of {@code /proc/PID/stat} counted after the command name, which may hold blanks: utime, stime. */
    private static final int USER_TIME = 11;

    private static final int SYSTEM_TIME = 12;

    /** How HotSpot names them; the kernel keeps 15 characters. */
    private static final Pattern COMPILER = Pattern.compile("\\(C[12] Compiler");

    ProcessFigures(long pid) {
        this(List.of(pid));
    }

    /** User and system time of all threads, ended ones included, in seconds. */
    double cpuSeconds() throws IOException {
        long ticks = 0;
        for (long pid : pids) {
            ticks += ticks(Files.readString(Path.of("/proc/" + pid + "/stat")));
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** User and system time of the threads in which JVMs compile, in seconds; 0 for other programs. */
    double compilerSeconds() throws IOException {
        long ticks = 0;
        for (long pid : pids) {
            try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
                for (Path thread : threads) {
                    ticks += compilerTicks(thread);
                }
            }
        }
        return ticks / TICKS_PER_SECOND;
    }

    private static long compilerTicks(Path thread) throws IOException {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return COMPILER.matcher(stat).find() ? ticks(stat) : 0;
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private static long ticks(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]);
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
