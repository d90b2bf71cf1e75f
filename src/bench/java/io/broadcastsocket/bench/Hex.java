package io.broadcastsocket.bench;

/** Sequence numbers as eight hexadecimal digits, held in the eight bytes of a long (first digit in the highest byte). */
final class Hex {
    private Hex() {}

    /** The eight digits of the lower 32 bits of {@code value}. */
    static long encode(long value) {
        long digits = 0;
        for (int shift = 28; shift >= 0; shift -= 4) {
            digits = digits << 8 | Character.forDigit((int) (value >>> shift) & 15, 16);
        }
        return digits;
    }

    /** The number that eight digits stand for, or -1 if one of them is no digit. */
    static long decode(long digits) {
        long value = 0;
        for (int shift = 56; shift >= 0; shift -= 8) {
            int digit = Character.digit((char) (digits >>> shift & 0xff), 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
