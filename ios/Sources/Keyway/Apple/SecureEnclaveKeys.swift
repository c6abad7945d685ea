#if canImport(Security) && canImport(CryptoKit)
import CryptoKit
import Foundation
import Security

/// P-256 keys that are made in the Secure Enclave and never leave it.
///
/// They are usable after the first unlock since the phone was started, on this phone only, and are part of no backup. Nobody is asked when they sign: an
/// unlock has to work with one hand full.
public final class SecureEnclaveKeys: HardwareKeys {
    private let prefix: String

    /// The keys of this phone; nothing where it has no Secure Enclave. Then the library keeps its keys in the keychain.
    ///
    /// - Parameter prefix: Begins the name of each key, so that two apps of one keychain group do not share them.
    public init?(prefix: String = Bundle.main.bundleIdentifier ?? "dev.keyway") {
        guard SecureEnclave.isAvailable else { return nil }
        self.prefix = prefix
    }

    public func create(purpose: KeyPurpose) throws -> Data {
        try delete(purpose: purpose)
        var fault: Unmanaged<CFError>?
        let protection = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
        guard let access = SecAccessControlCreateWithFlags(nil, protection, .privateKeyUsage, &fault) else {
            throw Self.error(fault)
        }
        let own: [CFString: Any] = [
            kSecAttrIsPermanent: true,
            kSecAttrApplicationTag: tag(purpose),
            kSecAttrAccessControl: access,
        ]
        let wanted: [CFString: Any] = [
            kSecAttrKeyType: kSecAttrKeyTypeECSECPrimeRandom,
            kSecAttrKeySizeInBits: 256,
            kSecAttrTokenID: kSecAttrTokenIDSecureEnclave,
            kSecPrivateKeyAttrs: own,
        ]
        guard let key = SecKeyCreateRandomKey(wanted as CFDictionary, &fault) else { throw Self.error(fault) }
        return try Self.point(of: key)
    }

    public func publicKey(purpose: KeyPurpose) throws -> Data {
        try Self.point(of: key(purpose))
    }

    public func sign(purpose: KeyPurpose, message: Data) throws -> Data {
        let own = try key(purpose)
        var fault: Unmanaged<CFError>?
        let how = SecKeyAlgorithm.ecdsaSignatureMessageX962SHA256
        guard let signature = SecKeyCreateSignature(own, how, message as CFData, &fault) else {
            throw Self.error(fault)
        }
        return signature as Data
    }

    public func delete(purpose: KeyPurpose) throws {
        let status = SecItemDelete(query(purpose) as CFDictionary)
        guard status == errSecSuccess || status == errSecItemNotFound else { throw HardwareKeyError(status: status) }
    }

    public func list() throws -> [KeyPurpose] {
        try [KeyPurpose.holder, .dpop].filter { purpose in
            do {
                _ = try key(purpose)
                return true
            } catch HardwareKeyError.Missing {
                return false
            }
        }
    }

    private func key(_ purpose: KeyPurpose) throws -> SecKey {
        var wanted = query(purpose)
        wanted[kSecReturnRef] = true
        var found: CFTypeRef?
        let status = SecItemCopyMatching(wanted as CFDictionary, &found)
        guard status == errSecSuccess else { throw HardwareKeyError(status: status) }
        guard let found, CFGetTypeID(found) == SecKeyGetTypeID() else { throw HardwareKeyError.Unavailable }
        // Its type was looked at on the line above; Core Foundation has no cast that fails.
        return unsafeDowncast(found, to: SecKey.self)
    }

    private func query(_ purpose: KeyPurpose) -> [CFString: Any] {
        [
            kSecClass: kSecClassKey,
            kSecAttrKeyClass: kSecAttrKeyClassPrivate,
            kSecAttrApplicationTag: tag(purpose),
            kSecAttrTokenID: kSecAttrTokenIDSecureEnclave,
        ]
    }

    private func tag(_ purpose: KeyPurpose) -> Data {
        let name =
            switch purpose {
            case .holder: "holder"
            case .dpop: "dpop"
            }
        return Data("\(prefix).key.\(name)".utf8)
    }

    /// The public half: `0x04 || x || y`.
    private static func point(of key: SecKey) throws -> Data {
        guard let half = SecKeyCopyPublicKey(key) else { throw HardwareKeyError.Unavailable }
        var fault: Unmanaged<CFError>?
        guard let point = SecKeyCopyExternalRepresentation(half, &fault) else { throw error(fault) }
        return point as Data
    }

    private static func error(_ fault: Unmanaged<CFError>?) -> HardwareKeyError {
        guard let fault = fault?.takeRetainedValue() else { return .Unavailable }
        return HardwareKeyError(domain: CFErrorGetDomain(fault) as String, code: CFErrorGetCode(fault))
    }
}
#endif
