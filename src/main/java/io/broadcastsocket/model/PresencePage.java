package io.broadcastsocket.model;

import java.util.List;
import java.util.Optional;

/**
 * Who is in a channel: a page of its members.
 *
 * @param count members of the channel, not of the page
 * @param members by client id
 * @param next id of the client after which the next page begins; empty on the last page, and when no members were asked for
 */
public record PresencePage(long count, List<Member> members, Optional<String> next) {
    /** Most bytes of info in a page, about, so that one reply stays small. */
    public static final int MAX_BYTES = 256 * 1024;

    /** @param info what the client says about itself: JSON, passed on byte for byte */
    public record Member(String clientId, String info) {}

    public PresencePage {
        members = List.copyOf(members);
    }

    /**
     * A page of what was found, cut when it is large.
     *
     * @param more whether others follow
     */
    public static PresencePage of(long count, List<Member> found, boolean more) {
        List<Member> page = cut(found);
        boolean last = page.isEmpty() || (page.size() == found.size() && !more);
        return new PresencePage(
                count,
                page,
                last ? Optional.empty() : Optional.of(page.get(page.size() - 1).clientId()));
    }

    private static List<Member> cut(List<Member> found) {
        int bytes = 0;
        for (int i = 0; i < found.size(); i++) {
            bytes += found.get(i).info().length();
            if (bytes > MAX_BYTES && i > 0) {
                return found.subList(0, i);
            }
        }
        return found;
    }
}
