package io.broadcastsocket.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Searches a frame's payload without decoding it. */
final class Payload {
    private Payload() {}

    static byte[] needle(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Where {@code needle} begins, counted from {@code start}, or -1. */
    static int indexOf(ByteBuffer buffer, int start, int length, byte[] needle) {
        for (int at = 0; at <= length - needle.length; at++) {
            int matched = 0;
            while (matched < needle.length && buffer.get(start + at + matched) == needle[matched]) {
                matched++;
            }
            if (matched == needle.length) {
                return at;
            }
        }
        return -1;
    }

    static boolean contains(ByteBuffer buffer, int start, int length, byte[] needle) {
        return indexOf(buffer, start, length, needle) >= 0;
    }

    /** The digits that follow {@code needle} as a number, or -1. */
    static long numberAfter(ByteBuffer buffer, int start, int length, byte[] needle) {
        int found = indexOf(buffer, start, length, needle);
        if (found < 0) {
            return -1;
        }
        long value = -1;
        for (int at = found + needle.length; at < length; at++) {
            int digit = buffer.get(start + at) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            value = Math.max(0, value) * 10 + digit;
        }
        return value;
    }

    static String text(ByteBuffer buffer, int start, int length) {
        byte[] bytes = new byte[length];
        buffer.get(start, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
