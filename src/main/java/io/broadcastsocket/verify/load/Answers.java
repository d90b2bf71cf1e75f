package io.broadcastsocket.verify.load;

import io.broadcastsocket.model.Position;

/** What comes of publications that were sent. */
interface Answers {
    void acknowledged(String messageId, Position position, boolean duplicate);

    /** It was refused for a while. */
    void refused(String messageId, long retryAfterMs, String why);

    /** It will never be accepted: the tool may not publish here. */
    void denied(Sender sender, String why);

    /** Whatever this sender was asked for will not be answered. */
    void lost(Sender sender);
}
