//! Which of the account's sessions a resident means.

use super::named;
use crate::failure::Failure;
use keyway_app::service::SessionFacts;

/// By id, or by the only id that begins like that.
pub(crate) fn session<'a>(
    sessions: &'a [SessionFacts],
    said: &str,
) -> Result<&'a SessionFacts, Failure> {
    match named(sessions, said, |session| session.id.to_string()).as_slice() {
        [] => Err(Failure::SessionUnknown),
        [session] => Ok(session),
        several => Err(Failure::SeveralSessions(
            several
                .iter()
                .map(|session| session.id.to_string())
                .collect(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::session;
    use crate::failure::Failure;
    use crate::samples;

    #[test]
    fn a_session_is_found_by_its_id_or_the_beginning_of_it() {
        let sessions = [0x1a, 0x1b, 0x2c].map(samples::session);
        let chosen = |said: &str| session(&sessions, said).map(|session| session.id);
        assert_eq!(chosen("1A"), Ok(sessions[0].id));
        assert_eq!(chosen(&sessions[1].id.to_string()), Ok(sessions[1].id));
        assert_eq!(chosen("2"), Ok(sessions[2].id));
        assert!(matches!(chosen("1"), Err(Failure::SeveralSessions(ids)) if ids.len() == 2));
        for said in ["", "3", "00000000-0000-0000-0000-000000000000"] {
            assert_eq!(chosen(said), Err(Failure::SessionUnknown), "{said}");
        }
    }
}
