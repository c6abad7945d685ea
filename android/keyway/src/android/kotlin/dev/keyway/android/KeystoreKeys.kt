package dev.keyway.android

import android.content.Context
import android.content.pm.PackageManager
import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import android.security.keystore.UserNotAuthenticatedException
import dev.keyway.HardwareKeyException
import dev.keyway.HardwareKeys
import dev.keyway.KeyPurpose
import java.security.GeneralSecurityException
import java.security.KeyPairGenerator
import java.security.KeyStore
import java.security.PrivateKey
import java.security.ProviderException
import java.security.Signature
import java.security.UnrecoverableKeyException
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec

/**
 * P-256 keys in Android's key store: in StrongBox where the phone has it, else in its trusted environment. The private halves never leave it, and neither
 * backup nor device transfer takes them along.
 */
public class KeystoreKeys(context: Context) : HardwareKeys {
    private val packages = context.applicationContext.packageManager
    private val screen = ScreenState(context)

    override fun create(purpose: KeyPurpose): ByteArray = answering {
        val store = store()
        store.deleteEntry(purpose.alias)
        if (hasStrongBox()) {
            try {
                return@answering generate(purpose, strongBox = true)
            } catch (_: ProviderException) {
                // It takes few keys and few kinds of them, and its makers differ in how they say so; the trusted environment takes this one.
                store.deleteEntry(purpose.alias)
            }
        }
        generate(purpose, strongBox = false)
    }

    override fun publicKey(purpose: KeyPurpose): ByteArray = answering {
        val certificate = store().getCertificate(purpose.alias) ?: throw HardwareKeyException.Missing()
        (certificate.publicKey as ECPublicKey).w.uncompressed()
    }

    override fun sign(purpose: KeyPurpose, message: ByteArray): ByteArray = answering {
        val key = store().getKey(purpose.alias, null) as? PrivateKey ?: throw HardwareKeyException.Missing()
        Signature.getInstance(SIGNATURE).run {
            initSign(key)
            update(message)
            sign()
        }
    }

    override fun delete(purpose: KeyPurpose): Unit = answering { store().deleteEntry(purpose.alias) }

    override fun list(): List<KeyPurpose> = answering {
        val aliases = store().aliases().toList()
        KeyPurpose.entries.filter { it.alias in aliases }
    }

    private fun generate(purpose: KeyPurpose, strongBox: Boolean): ByteArray {
        val spec = KeyGenParameterSpec.Builder(purpose.alias, KeyProperties.PURPOSE_SIGN)
            .setAlgorithmParameterSpec(ECGenParameterSpec(CURVE))
            .setDigests(KeyProperties.DIGEST_SHA256)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
            // A phone that lies there locked opens no door. Tokens are bound also while it is locked: what a sync brought back is uploaded then.
            spec.setUnlockedDeviceRequired(purpose == KeyPurpose.HOLDER)
            spec.setIsStrongBoxBacked(strongBox)
        }
        val generator = KeyPairGenerator.getInstance(KeyProperties.KEY_ALGORITHM_EC, PROVIDER)
        generator.initialize(spec.build())
        return (generator.generateKeyPair().public as ECPublicKey).w.uncompressed()
    }

    private fun hasStrongBox(): Boolean = Build.VERSION.SDK_INT >= Build.VERSION_CODES.P &&
        packages.hasSystemFeature(PackageManager.FEATURE_STRONGBOX_KEYSTORE)

    private fun store(): KeyStore = KeyStore.getInstance(PROVIDER).apply { load(null) }

    /** Whatever the key store throws, as one of the answers that the core tells apart. No key asks the owner first: `Cancelled` cannot come. */
    private inline fun <T> answering(ask: () -> T): T = try {
        ask()
    } catch (answer: HardwareKeyException) {
        throw answer
    } catch (_: UserNotAuthenticatedException) {
        throw HardwareKeyException.Locked()
    } catch (_: KeyPermanentlyInvalidatedException) {
        throw HardwareKeyException.Invalidated()
    } catch (_: UnrecoverableKeyException) {
        // Its blob does not fit this key store: a restored backup.
        throw HardwareKeyException.Invalidated()
    } catch (failed: Exception) {
        throw if (screen.isLocked() && failed.isOfKeyStore()) HardwareKeyException.Locked() else HardwareKeyException.Unavailable()
    }

    private fun Exception.isOfKeyStore() = this is GeneralSecurityException || this is ProviderException

    private companion object {
        const val PROVIDER = "AndroidKeyStore"
        const val SIGNATURE = "SHA256withECDSA"
        const val CURVE = "secp256r1"
    }
}

/** One alias for each purpose; the keychain's own store uses others. */
internal val KeyPurpose.alias: String
    get() = when (this) {
        KeyPurpose.HOLDER -> "dev.keyway.holder"
        KeyPurpose.DPOP -> "dev.keyway.dpop"
    }
