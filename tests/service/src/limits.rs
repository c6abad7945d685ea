//! Every duration and size that the service enforces, in one place.

/// One second in [`crate::UnixMillis`].
pub(crate) const SECOND: i64 = 1_000;
/// One minute in [`crate::UnixMillis`].
pub(crate) const MINUTE: i64 = 60 * SECOND;
/// One hour in [`crate::UnixMillis`].
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// One day in [`crate::UnixMillis`].
pub(crate) const DAY: i64 = 24 * HOUR;

/// An access token lives this long at most; a borrowed session's tokens end with it.
pub(crate) const ACCESS_TOKEN: i64 = 5 * MINUTE;
/// From a right password to the exchange of the code.
pub(crate) const AUTHORIZATION_CODE: i64 = MINUTE;
/// A session on somebody else's phone, absolute: nothing prolongs it.
pub(crate) const BORROWED_SESSION: i64 = 15 * MINUTE;
/// A session on one's own phone ends after this long without a refresh.
pub(crate) const OWN_SESSION_IDLE: i64 = 90 * DAY;
/// A resident's lease on a lock; the root document's caps leave room for [`BACKDATING`].
pub(crate) const RESIDENT_LEASE: i64 = 7 * DAY;
/// A guest's lease.
pub(crate) const GUEST_LEASE: i64 = DAY;
/// A grant begins a little before it was issued, for locks that know the time only roughly.
pub(crate) const BACKDATING: i64 = 10 * MINUTE;
/// A lock that knows the time takes no critical lane that is older.
pub(crate) const LANE: i64 = 30 * DAY;
/// Revocations are listed for as long as a grant from before them can live, and a day more.
pub(crate) const REVOCATION_MEMORY: i64 = 9 * DAY;
/// A browser stays signed in to the account pages this long, absolute.
pub(crate) const WEB_SESSION: i64 = 15 * MINUTE;
/// A DPoP nonce is accepted for this long; proofs are remembered as long, so that none is accepted twice.
pub(crate) const DPOP_NONCE: i64 = 5 * MINUTE;
/// Wrong passwords in a row before an account has to wait.
pub(crate) const FREE_TRIES: u32 = 5;
/// The first wait; it doubles with each further wrong password.
pub(crate) const FIRST_WAIT: i64 = 30 * SECOND;
/// The longest wait. Short enough that a stranger cannot keep a resident out for a night.
pub(crate) const LONGEST_WAIT: i64 = 5 * MINUTE;
/// Wrong passwords are forgotten after this long.
pub(crate) const TRIES_FORGOTTEN: i64 = HOUR;
/// A one-time code by e-mail holds for this long,
pub(crate) const ONE_TIME_CODE: i64 = 10 * MINUTE;
/// has this many digits,
pub(crate) const ONE_TIME_CODE_DIGITS: u8 = 6;
/// and dies of this many wrong ones.
pub(crate) const ONE_TIME_CODE_TRIES: u32 = 5;
/// A link that resets a password holds for this long.
pub(crate) const RESET_LINK: i64 = 30 * MINUTE;
/// So many mails of one kind go to an address within the kind's window.
pub(crate) const MAILS: u32 = 3;
/// The window for one-time codes.
pub(crate) const CODE_MAILS: i64 = 15 * MINUTE;
/// The window for reset links, and the longest one.
pub(crate) const RESET_MAILS: i64 = HOUR;
/// Somebody who lets others in causes at most so many messages within [`HOST_MESSAGES_WITHIN`],
pub(crate) const HOST_MESSAGES: u32 = 30;
/// and so many of them to one address or number.
pub(crate) const HOST_MESSAGES_TO_ONE: u32 = 10;
/// The window in which a host's messages are counted.
pub(crate) const HOST_MESSAGES_WITHIN: i64 = HOUR;
/// A message that could not be sent is dropped after this long.
pub(crate) const MESSAGE_KEPT: i64 = DAY;
/// How long a message waits after its first, second, … try that failed; the last wait stays.
pub(crate) const MESSAGE_WAITS: [i64; 3] = [MINUTE, 5 * MINUTE, 15 * MINUTE];
/// A lock has this long to confirm that it forgot a person or a code before the property is told.
pub(crate) const RECEIPT_DEADLINE: i64 = DAY;
/// Log entries that one request for a door's activity opens at most.
pub(crate) const ACTIVITY_SCAN: usize = 1_000;
/// An access that was taken away stays listed for this long.
pub(crate) const REVOKED_LISTED: i64 = 30 * DAY;
/// Somebody outside is remembered for this long after the last invitation.
pub(crate) const RECIPIENT_KEPT: i64 = 32 * DAY;
/// Doors of one invitation.
pub(crate) const DOORS_AT_ONCE: usize = 20;
/// Characters of a first or last name.
pub(crate) const NAME: usize = 100;
/// A request's body; sealed log segments are the largest.
pub(crate) const BODY: usize = 256 * 1024;
/// A DPoP proof is one small JWS.
pub(crate) const DPOP_PROOF: usize = 4 * 1024;
/// The longest e-mail address taken, bytes (RFC 5321).
pub(crate) const EMAIL: usize = 254;
/// The shortest password that can be set, in Unicode scalar values. Not asked for at sign-in: old accounts have shorter ones.
pub(crate) const SHORTEST_PASSWORD: usize = 12;
/// The longest password, in Unicode scalar values; a longer one costs no hashing.
pub(crate) const LONGEST_PASSWORD: usize = 1024;
/// A pause between two digits after which a keypad sleeps again, seconds.
pub(crate) const KEYPAD_SLEEP: u32 = 5;
