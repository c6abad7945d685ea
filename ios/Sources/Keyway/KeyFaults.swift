import Foundation

/// What the systems of Apple say of a key that did not do what it was asked.
///
/// Numbers and names stand here as text, so that what is made of them is tested where those frameworks are not.
enum KeyFault {
    /// `NSOSStatusErrorDomain`: Security.
    static let security = "NSOSStatusErrorDomain"
    /// `LAErrorDomain`: LocalAuthentication.
    static let authentication = "com.apple.LocalAuthentication"
    /// `TKErrorDomain`: the Secure Enclave.
    static let token = "CryptoTokenKit"
}

extension HardwareKeyError {
    /// What became of a key, of an error's domain and code.
    init(domain: String, code: Int) {
        switch (domain, code) {
        // errSecUserCanceled; LAError: userCancel, systemCancel, appCancel; TKError.canceledByUser.
        case (KeyFault.security, -128), (KeyFault.authentication, -2), (KeyFault.authentication, -4),
            (KeyFault.authentication, -9), (KeyFault.token, -4):
            self = .Cancelled
        // errSecInteractionNotAllowed; LAError.notInteractive.
        case (KeyFault.security, -25308), (KeyFault.authentication, -1004):
            self = .Locked
        // errSecAuthFailed, errSecDecode; TKError: corruptedData, authenticationFailed. So a restored backup's key answers: its blob is another Enclave's.
        case (KeyFault.security, -25293), (KeyFault.security, -26275), (KeyFault.token, -3), (KeyFault.token, -5):
            self = .Invalidated
        // errSecItemNotFound; TKError.objectNotFound.
        case (KeyFault.security, -25300), (KeyFault.token, -6):
            self = .Missing
        default:
            self = .Unavailable
        }
    }

    /// What became of a key, of a status of Security's.
    init(status: Int32) {
        self.init(domain: KeyFault.security, code: Int(status))
    }
}
