package dev.keyway.android

import android.Manifest
import android.annotation.SuppressLint
import android.bluetooth.BluetoothAdapter
import android.bluetooth.BluetoothManager
import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.content.pm.PackageManager
import android.location.LocationManager
import android.os.Build
import dev.keyway.AdapterState
import dev.keyway.Location
import dev.keyway.Permission
import dev.keyway.Power

/**
 * How Bluetooth stands on this phone: power, the resident's permission and, before Android 12, the location switch. The radio's own library cannot tell on
 * Android; [told] hears it at the start and at each change, and hands it to `Keyway.bluetoothChanged`.
 */
public class Bluetooth(context: Context, private val told: (AdapterState) -> Unit) : AutoCloseable {
    private val context = context.applicationContext
    private var refusedForGood = false
    private var last: AdapterState? = null
    private val changes = object : BroadcastReceiver() {
        override fun onReceive(context: Context?, intent: Intent?): Unit = look()
    }

    init {
        val filter = IntentFilter(BluetoothAdapter.ACTION_STATE_CHANGED)
        if (needsLocation(Build.VERSION.SDK_INT)) filter.addAction(LocationManager.MODE_CHANGED_ACTION)
        // Both come from the system alone, which reaches receivers that are not exported.
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
            this.context.registerReceiver(changes, filter, Context.RECEIVER_NOT_EXPORTED)
        } else {
            this.context.registerReceiver(changes, filter)
        }
        look()
    }

    /** What to ask the resident for on this version of Android. */
    public val permissions: Array<String> get() = permissions(Build.VERSION.SDK_INT)

    /** How it stands now. */
    public fun state(): AdapterState = AdapterState(power(), permission(), location())

    /** Looks again: permissions change without a broadcast. To be called when the app comes to the front. */
    public fun look() {
        val now = state()
        if (now == last) return
        last = now
        told(now)
    }

    /** The resident answered the system's question; [mayAskAgain] is `shouldShowRequestPermissionRationale` afterwards. */
    public fun answered(granted: Boolean, mayAskAgain: Boolean) {
        refusedForGood = !granted && !mayAskAgain
        look()
    }

    override fun close(): Unit = context.unregisterReceiver(changes)

    // Reading the state needs no permission that the resident gives.
    @SuppressLint("MissingPermission")
    private fun power(): Power {
        if (!context.packageManager.hasSystemFeature(PackageManager.FEATURE_BLUETOOTH_LE)) return Power.UNSUPPORTED
        val adapter = context.getSystemService(BluetoothManager::class.java)?.adapter ?: return Power.UNSUPPORTED
        return if (adapter.state == BluetoothAdapter.STATE_ON) Power.ON else Power.OFF
    }

    private fun permission(): Permission = when {
        permissions.all { context.checkSelfPermission(it) == PackageManager.PERMISSION_GRANTED } -> Permission.GRANTED
        refusedForGood -> Permission.DENIED
        else -> Permission.NOT_ASKED
    }

    private fun location(): Location {
        if (!needsLocation(Build.VERSION.SDK_INT)) return Location.NOT_NEEDED
        val manager = context.getSystemService(LocationManager::class.java)
        val on = when {
            manager == null -> false
            Build.VERSION.SDK_INT >= Build.VERSION_CODES.P -> manager.isLocationEnabled
            else -> manager.isProviderEnabled(LocationManager.GPS_PROVIDER) ||
                manager.isProviderEnabled(LocationManager.NETWORK_PROVIDER)
        }
        return if (on) Location.ON else Location.OFF
    }

    internal companion object {
        /** Before Android 12 a scan gives away where the phone is, and Android asks for that permission and for the switch. */
        fun needsLocation(version: Int): Boolean = version < Build.VERSION_CODES.S

        fun permissions(version: Int): Array<String> = when {
            version >= Build.VERSION_CODES.S -> arrayOf(Manifest.permission.BLUETOOTH_SCAN, Manifest.permission.BLUETOOTH_CONNECT)
            else -> arrayOf(Manifest.permission.ACCESS_FINE_LOCATION)
        }
    }
}
