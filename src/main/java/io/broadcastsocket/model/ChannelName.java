package io.broadcastsocket.model;

/**
 * The rules for channel names: 1 to 200 characters out of {@code A-Z a-z 0-9 _ - . : / @ # = + ~ ,}, or {@code *}.
 *
 * <p>None of these characters needs escaping in JSON, so a name is copied into frames as it is. Names that begin with
 * {@code $} are the server's own and no client may name them.
 */
public final class ChannelName {
    /** The channel that every connection is subscribed to. */
    public static final String EVERYONE = "*";

    /** Longest name, in characters. */
    public static final int MAX_LENGTH = 200;

    private static final String PRESENCE = "$presence.";
    private static final String PUNCTUATION = "_-.:/@#=+~,";

    private ChannelName() {}

    /** Tells whether a client may name this channel. */
    public static boolean isValid(String name) {
        if (name.equals(EVERYONE)) {
            return true;
        }
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isAllowed(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Tells whether it is one of the server's own. */
    public static boolean isInternal(String name) {
        return name.startsWith("$");
    }

    /** The server's own channel that says who joins and leaves a channel. */
    public static String presence(String channel) {
        return PRESENCE + channel;
    }

    /** Tells whether it is one that says who joins and leaves. */
    public static boolean isPresence(String name) {
        return name.startsWith(PRESENCE);
    }

    /** The channel that such a channel is about. */
    public static String ofPresence(String name) {
        return name.substring(PRESENCE.length());
    }

    private static boolean isAllowed(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || PUNCTUATION.indexOf(c) >= 0;
    }
}
