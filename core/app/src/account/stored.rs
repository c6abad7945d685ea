//! The session as it stands in the keychain: version, refresh token, account.

use crate::ports::UnixMillis;
use crate::secret::SecretString;
use crate::service::AccountFacts;
use zeroize::Zeroizing;

/// Of the layout below. An item of another version is not ours to guess at: the start wipes it and asks to sign in.
const VERSION: u8 = 1;

/// `version || account id (16) || end in milliseconds since 1970, 0 if unknown (8) || length (2) || refresh token || length (2) || e-mail || length (2) || name`, big endian.
pub(super) fn encode(
    facts: &AccountFacts,
    ends_at: Option<UnixMillis>,
    refresh: &SecretString,
) -> Zeroizing<Vec<u8>> {
    // EXPOSE: the keychain is where the refresh token is kept.
    let fields = [refresh.expose(), &facts.email, &facts.name];
    let length = 25 + fields.iter().map(|field| 2 + field.len()).sum::<usize>();
    // Of the right size from the start, so that the buffer never moves and leaves a copy.
    let mut item = Zeroizing::new(Vec::with_capacity(length));
    item.push(VERSION);
    item.extend_from_slice(&facts.id);
    item.extend_from_slice(&ends_at.unwrap_or(0).to_be_bytes());
    for field in fields {
        // The service's names and tokens are far shorter; a longer one is cut and then refused by `decode`.
        let length = u16::try_from(field.len()).unwrap_or(u16::MAX);
        item.extend_from_slice(&length.to_be_bytes());
        item.extend_from_slice(&field.as_bytes()[..usize::from(length)]);
    }
    item
}

/// `None` for anything that [`encode`] did not write.
pub(super) fn decode(item: &[u8]) -> Option<(AccountFacts, Option<UnixMillis>, SecretString)> {
    let (&version, rest) = item.split_first()?;
    let (id, rest) = rest.split_first_chunk::<16>()?;
    let (ends_at, mut rest) = rest.split_first_chunk::<8>()?;
    let ends_at = UnixMillis::from_be_bytes(*ends_at);
    if version != VERSION {
        return None;
    }
    let mut field = || {
        let (length, after) = rest.split_first_chunk::<2>()?;
        let (text, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        rest = after;
        core::str::from_utf8(text).ok().map(str::to_owned)
    };
    let refresh = SecretString::new(field()?);
    let (email, name) = (field()?, field()?);
    let facts = AccountFacts {
        id: *id,
        email,
        name,
    };
    let ends_at = (ends_at != 0).then_some(ends_at);
    rest.is_empty().then_some((facts, ends_at, refresh))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_comes_back_and_every_cut_of_it_is_refused() {
        let facts = AccountFacts {
            id: [7; 16],
            email: "ana@maple.example".into(),
            name: "Ana \u{17d}".into(),
        };
        let item = encode(&facts, Some(5), &SecretString::new("r-1".into()));
        let (read, ends_at, refresh) = decode(&item).unwrap();
        assert_eq!(ends_at, Some(5));
        assert!(read == facts);
        // EXPOSE: compared with what was stored.
        assert_eq!(refresh.expose(), "r-1");
        for length in 0..item.len() {
            assert!(decode(&item[..length]).is_none(), "{length}");
        }
        let mut newer = item.to_vec();
        newer[0] = 2;
        assert!(decode(&newer).is_none());
    }
}
