import Keyway
import SwiftUI

// What the library names, in the words of this app. What it says by itself (errors, places) is in its own words.

extension WayToSignIn {
    var words: LocalizedStringKey {
        switch self {
        case .dailyCodeFromSomeone: "Have someone with access tell you a daily code"
        case .password: "Password"
        case .oneTimeCode: "Code by e-mail"
        case .passwordReset: "Reset the password"
        case .property: "Contact the property"
        }
    }
}

extension WayIn {
    var words: LocalizedStringKey {
        switch self {
        case .phone: "Unlock with this phone"
        case .doorcode: "Doorcode"
        case .keycard: "Keycard"
        case .mechanicalKey: "Key"
        case .askSomeone: "Ask someone with access for a daily code"
        case .property: "Contact the property"
        }
    }
}

extension UnlockPhase {
    var words: LocalizedStringKey {
        switch self {
        case .scanning: "Looking for the lock"
        case .connecting: "Connecting"
        case .authenticating: "Proving that you may"
        case .unlocking: "Unlocking"
        }
    }
}

extension SyncPhase {
    var words: LocalizedStringKey {
        switch self {
        case .fetching: "Fetching from the service"
        case .scanning: "Looking for the lock"
        case .connecting: "Connecting"
        case .authenticating: "Proving that you may"
        case .sending: "Sending to the lock"
        case .applying: "The lock applies it"
        case .collecting: "Collecting from the lock"
        case .uploading: "Telling the service"
        }
    }
}

extension CodeKind {
    var words: LocalizedStringKey {
        switch self {
        case .residence: "Residence code"
        case .communal: "Code of a shared door"
        case .daily: "Daily code"
        case .dailySingleUse: "Single-use daily code"
        case .permanent: "Guest code"
        }
    }
}

extension CodeStatus {
    var words: LocalizedStringKey {
        switch self {
        case .active: "works now"
        case .pendingSync: "works after the next sync"
        case .notYet: "does not work yet"
        case .expired: "expired"
        }
    }
}

extension LocalTime {
    /// The wall clock at the door, not the phone's.
    var words: String {
        let day = DateComponents(
            calendar: .init(identifier: .gregorian), timeZone: .gmt, year: Int(year), month: Int(month), day: Int(self.day),
            hour: Int(hour), minute: Int(minute)
        )
        var style = Date.FormatStyle(date: .abbreviated, time: .shortened)
        style.timeZone = .gmt
        return day.date.map { $0.formatted(style) } ?? ""
    }
}
