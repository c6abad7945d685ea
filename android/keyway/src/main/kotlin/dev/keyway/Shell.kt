package dev.keyway

/** What only the app around the library can do for it. Calls come on threads of their own and may block. */
public class Shell(
    /** Empties the places that the app keeps, when somebody signs out. */
    public val places: ShellPlaces,
    /** Asks for the phone's owner; without it nothing can be hidden. */
    public val owner: DeviceOwner? = null,
    /** The phone's key hardware; without it keys are kept in the keychain. */
    public val keys: HardwareKeys? = null,
) {
    /**
     * The same, where whatever is thrown is answered as a failure of the shell. The bindings themselves catch exceptions and no other [Throwable]: one of
     * those would leave the library without an answer.
     */
    internal fun guarded(): Shell = Shell(GuardedPlaces(places), owner?.let(::GuardedOwner), keys?.let(::GuardedKeys))
}

private class GuardedPlaces(private val places: ShellPlaces) : ShellPlaces {
    override fun erase(place: ShellPlace): ShellAnswer =
        answering({ it is ShellException }, { ShellException.Failed() }) { places.erase(place) }
}

private class GuardedOwner(private val owner: DeviceOwner) : DeviceOwner {
    override fun isSetUp(): Boolean = guarded(owner::isSetUp)

    override fun confirm(): Unit = guarded(owner::confirm)

    override fun dismiss(): Unit = guarded(owner::dismiss)

    private fun <T> guarded(ask: () -> T): T =
        answering({ it is DeviceOwnerException }, { DeviceOwnerException.Failed() }, ask)
}

private class GuardedKeys(private val keys: HardwareKeys) : HardwareKeys {
    override fun create(purpose: KeyPurpose): ByteArray = guarded { keys.create(purpose) }

    override fun publicKey(purpose: KeyPurpose): ByteArray = guarded { keys.publicKey(purpose) }

    override fun sign(purpose: KeyPurpose, message: ByteArray): ByteArray = guarded { keys.sign(purpose, message) }

    override fun delete(purpose: KeyPurpose): Unit = guarded { keys.delete(purpose) }

    override fun list(): List<KeyPurpose> = guarded(keys::list)

    private fun <T> guarded(ask: () -> T): T =
        answering({ it is HardwareKeyException }, { HardwareKeyException.Unavailable() }, ask)
}

/** What was thrown goes no further: its text may say anything. */
private inline fun <T> answering(isAnswer: (Throwable) -> Boolean, failed: () -> Exception, ask: () -> T): T =
    try {
        ask()
    } catch (thrown: Throwable) {
        throw if (isAnswer(thrown)) thrown else failed()
    }
