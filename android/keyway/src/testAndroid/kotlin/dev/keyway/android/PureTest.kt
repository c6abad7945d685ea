package dev.keyway.android

import android.Manifest
import org.junit.jupiter.api.Test
import java.math.BigInteger
import java.security.KeyPairGenerator
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import java.security.spec.ECPoint
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** What needs no phone to be right. */
class PureTest {
    @Test
    fun a_point_keeps_its_leading_zeros_and_has_no_sign() {
        val x = ByteArray(32).also { it[31] = 7 }
        val y = ByteArray(32) { -1 }
        val point = ECPoint(BigInteger(1, x), BigInteger(1, y)).uncompressed()
        assertContentEquals(byteArrayOf(4) + x + y, point)
    }

    @Test
    fun points_of_made_keys_have_65_bytes() {
        val generator = KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }
        repeat(20) {
            val point = (generator.generateKeyPair().public as ECPublicKey).w
            val bytes = point.uncompressed()
            assertEquals(65, bytes.size)
            assertEquals(point.affineX, BigInteger(1, bytes.copyOfRange(1, 33)))
            assertEquals(point.affineY, BigInteger(1, bytes.copyOfRange(33, 65)))
        }
    }

    @Test
    fun before_android_12_the_place_is_asked_for_and_after_it_is_not() {
        assertContentEquals(arrayOf(Manifest.permission.ACCESS_FINE_LOCATION), Bluetooth.permissions(30))
        assertTrue(Bluetooth.needsLocation(30))
        val since = arrayOf(Manifest.permission.BLUETOOTH_SCAN, Manifest.permission.BLUETOOTH_CONNECT)
        assertContentEquals(since, Bluetooth.permissions(31))
        assertFalse(Bluetooth.needsLocation(31))
    }

    @Test
    fun the_network_is_told_when_the_first_comes_and_when_the_last_goes() {
        val told = mutableListOf<Boolean>()
        val networks = Networks(told::add)
        networks.now("wifi", true)
        networks.now("wifi", true)
        networks.now("mobile", true)
        networks.now("wifi", false)
        networks.now("mobile", false)
        networks.now("mobile", true)
        assertEquals(listOf(true, false, true), told)
    }
}
