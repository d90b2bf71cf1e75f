package io.broadcastsocket.bench;

import java.util.List;

/** Median and range of one figure over the rounds. */
record Statistic(double median, double least, double most) {

    static Statistic of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int size = sorted.size();
        double median = (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
        return new Statistic(median, sorted.get(0), sorted.get(size - 1));
    }
}
