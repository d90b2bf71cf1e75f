package io.broadcastsocket.config;

/**
 * One thing that is wrong with the configuration.
 *
 * @param where JSON pointer (RFC 6901) into the file, or the name of an environment variable
 * @param what a sentence that says what to do
 */
record ConfigProblem(String where, String what) {
    @Override
    public String toString() {
        return where + ": " + what;
    }
}
