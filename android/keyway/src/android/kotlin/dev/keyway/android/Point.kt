package dev.keyway.android

import java.math.BigInteger
import java.security.spec.ECPoint

private const val COORDINATE = 32
private const val UNCOMPRESSED: Byte = 4

/** The point of a P-256 key as SEC1 writes it uncompressed: `0x04 || x || y`, 65 bytes. */
internal fun ECPoint.uncompressed(): ByteArray = byteArrayOf(UNCOMPRESSED) + affineX.coordinate() + affineY.coordinate()

/** 32 bytes, big-endian: Java's own form drops leading zeros and adds one before a high bit. */
private fun BigInteger.coordinate(): ByteArray {
    val bytes = toByteArray()
    val kept = if (bytes.size > COORDINATE) bytes.copyOfRange(bytes.size - COORDINATE, bytes.size) else bytes
    return ByteArray(COORDINATE - kept.size) + kept
}
