import Foundation
import Testing

@testable import Keyway

/// What Security, LocalAuthentication and the Secure Enclave say of a key, in the library's words.
@Suite struct KeyFaultTests {
    @Test func aLockedPhoneIsToldApartFromALostKey() {
        #expect(HardwareKeyError(status: -25308) == .Locked)
        #expect(HardwareKeyError(status: -25300) == .Missing)
        #expect(HardwareKeyError(status: -25293) == .Invalidated)
        #expect(HardwareKeyError(status: -128) == .Cancelled)
        #expect(HardwareKeyError(status: -34018) == .Unavailable)
    }

    @Test func aRestoredBackupsKeyIsLostAndACancelledPromptIsNot() {
        #expect(HardwareKeyError(domain: KeyFault.token, code: -3) == .Invalidated)
        #expect(HardwareKeyError(domain: KeyFault.authentication, code: -2) == .Cancelled)
        #expect(HardwareKeyError(domain: KeyFault.authentication, code: -1004) == .Locked)
    }

    @Test func aNumberOfAnotherDomainMeansNothing() {
        #expect(HardwareKeyError(domain: "NSCocoaErrorDomain", code: -128) == .Unavailable)
    }

    @Test func anAnswerThatDoesNotComeIsNotWaitedFor() async {
        let answer = Answer<Int>()
        #expect(answer.wait(seconds: 0) == nil)
        Thread.detachNewThread { answer.give(7) }
        #expect(answer.wait() == 7)
    }
}
