//! What is wrong with a request to let somebody in: OpenDOOR's own codes and one beside them, all answered with 400.

/// Why somebody cannot be let in as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SharingFault {
    /// It is not clear which of the two is meant.
    EmailAndPhoneProvided,
    /// Nobody knows where to send anything.
    EmailOrPhoneRequired,
    /// The e-mail is there and says nothing.
    EmailCanNotBeEmpty,
    /// The e-mail is no address of one mailbox.
    InvalidEmail,
    /// Who stays longer signs in, and signs in by e-mail.
    EmailRequiredForPermanent,
    /// No E.164 number, whatever stands between its digits.
    InvalidPhone,
    /// No RFC 3339 time; for a daily kind neither today nor tomorrow at the door.
    InvalidStartTime,
    /// No RFC 3339 time, not after the start, or over already.
    InvalidEndTime,
    /// A daily code ends with its day.
    EndTimeNotSupported,
    /// A lock computes daily codes by itself: there is nothing to take out of its table.
    PasscodeTypeCantBeRevoked,
}

impl SharingFault {
    /// The code that clients switch on.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::EmailAndPhoneProvided => "EMAIL_AND_PHONE_PROVIDED",
            Self::EmailOrPhoneRequired => "EMAIL_OR_PHONE_REQUIRED",
            Self::EmailCanNotBeEmpty => "EMAIL_CAN_NOT_BE_EMPTY",
            Self::InvalidEmail => "INVALID_EMAIL",
            Self::EmailRequiredForPermanent => "EMAIL_REQUIRED_FOR_PERMANENT",
            Self::InvalidPhone => "INVALID_PHONE",
            Self::InvalidStartTime => "INVALID_START_TIME",
            Self::InvalidEndTime => "INVALID_END_TIME",
            Self::EndTimeNotSupported => "END_TIME_NOT_SUPPORTED",
            Self::PasscodeTypeCantBeRevoked => "PASSCODE_TYPE_CANT_BE_REVOKED",
        }
    }

    /// What happened, in one line for a developer.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::EmailAndPhoneProvided => "Either an e-mail or a phone number, not both",
            Self::EmailOrPhoneRequired => "An e-mail or a phone number is needed",
            Self::EmailCanNotBeEmpty => "The e-mail is empty",
            Self::InvalidEmail => "The e-mail is not valid",
            Self::EmailRequiredForPermanent => "A permanent passcode needs an e-mail",
            Self::InvalidPhone => "The phone number is not valid",
            Self::InvalidStartTime => "The start is not valid",
            Self::InvalidEndTime => "The end is not valid",
            Self::EndTimeNotSupported => "A daily passcode has no end of its own",
            Self::PasscodeTypeCantBeRevoked => "A daily passcode cannot be revoked",
        }
    }
}
