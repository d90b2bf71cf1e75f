package io.broadcastsocket.broker.redis;

/**
 * Which hash slot of a Redis Cluster a key belongs to (Redis Cluster specification: CRC-16/XMODEM of the hash tag, modulo
 * 16384).
 */
final class Slots {
    static final int COUNT = 16384;

    private static final int[] TABLE = new int[256];

    static {
        for (int i = 0; i < TABLE.length; i++) {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
            }
            TABLE[i] = crc & 0xFFFF;
        }
    }

    private Slots() {}

    /** The slot of a hash tag, which is what stands between braces in a key. */
    static int ofTag(String tag) {
        int crc = 0;
        for (int i = 0; i < tag.length(); i++) {
            crc = ((crc << 8) ^ TABLE[((crc >> 8) ^ tag.charAt(i)) & 0xFF]) & 0xFFFF;
        }
        return crc % COUNT;
    }
}
