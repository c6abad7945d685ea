package dev.keyway.android

import android.app.Activity
import android.app.Application
import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.net.ConnectivityManager
import android.net.Network
import android.net.NetworkCapabilities
import android.os.Build
import android.os.Bundle
import dev.keyway.Change

/**
 * Front and background, the lock screen and the network: each change is [told], on the main thread or one of the system's, for `Keyway.surroundingsChanged`.
 *
 * Make one in `Application.onCreate`, before the first activity starts.
 */
public class Surroundings(private val application: Application, private val told: (Change) -> Unit) : AutoCloseable {
    private val connectivity = application.getSystemService(ConnectivityManager::class.java)
    private val networks = Networks { told(Change.Network(it)) }
    private val screen = ScreenState(application)

    private val front = object : Application.ActivityLifecycleCallbacks {
        private var started = 0

        override fun onActivityStarted(activity: Activity) {
            if (++started == 1) told(Change.Foreground)
        }

        override fun onActivityStopped(activity: Activity) {
            // One that is made anew, as after a turn of the phone, comes back at once.
            if (--started == 0 && !activity.isChangingConfigurations) told(Change.Background)
        }

        override fun onActivityCreated(activity: Activity, savedInstanceState: Bundle?): Unit = Unit

        override fun onActivityResumed(activity: Activity): Unit = Unit

        override fun onActivityPaused(activity: Activity): Unit = Unit

        override fun onActivitySaveInstanceState(activity: Activity, outState: Bundle): Unit = Unit

        override fun onActivityDestroyed(activity: Activity): Unit = Unit
    }

    private val lock = object : BroadcastReceiver() {
        override fun onReceive(context: Context?, intent: Intent?) {
            when (intent?.action) {
                Intent.ACTION_USER_PRESENT -> told(Change.PhoneUnlocked)
                // The screen goes off before the phone locks, at once or after a while: what counts is whether it is locked.
                Intent.ACTION_SCREEN_OFF -> if (screen.isLocked()) told(Change.PhoneLocked)
            }
        }
    }

    private val network = object : ConnectivityManager.NetworkCallback() {
        override fun onCapabilitiesChanged(network: Network, capabilities: NetworkCapabilities): Unit =
            networks.now(network, capabilities.hasCapability(NetworkCapabilities.NET_CAPABILITY_VALIDATED))

        override fun onLost(network: Network): Unit = networks.now(network, false)
    }

    init {
        application.registerActivityLifecycleCallbacks(front)
        val filter = IntentFilter(Intent.ACTION_USER_PRESENT).apply { addAction(Intent.ACTION_SCREEN_OFF) }
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
            application.registerReceiver(lock, filter, Context.RECEIVER_NOT_EXPORTED)
        } else {
            application.registerReceiver(lock, filter)
        }
        connectivity?.registerDefaultNetworkCallback(network)
    }

    override fun close() {
        application.unregisterActivityLifecycleCallbacks(front)
        application.unregisterReceiver(lock)
        connectivity?.unregisterNetworkCallback(network)
    }
}

/** Which networks reach the internet; tells when the first comes and when the last goes. */
internal class Networks(private val told: (Boolean) -> Unit) {
    private val usable = mutableSetOf<Any>()
    private var last: Boolean? = null

    /** A network changed. The default one is replaced without a word about the old, which `onLost` names later. */
    @Synchronized
    fun now(network: Any, isUsable: Boolean) {
        if (isUsable) usable += network else usable -= network
        val available = usable.isNotEmpty()
        if (available == last) return
        last = available
        told(available)
    }
}
