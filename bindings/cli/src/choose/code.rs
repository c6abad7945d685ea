//! Which of a door's codes is a resident's own.

use crate::failure::Failure;
use keyway_app::service::{CodeKind, CodeStatus};
use keyway_app::{DoorcodeView, Error};

/// The one that can be reset: of a residence or shared door, and not replaced already.
pub(crate) fn own_code(codes: &[DoorcodeView]) -> Result<&DoorcodeView, Failure> {
    let own = |code: &&DoorcodeView| {
        matches!(code.kind, CodeKind::Residence | CodeKind::Communal)
            && code.status != CodeStatus::Expired
            && code.replaced_by.is_none()
    };
    codes.iter().find(own).ok_or(Failure::Core(match codes {
        [] => Error::NoDoorcode,
        _ => Error::CodeNotResettable,
    }))
}

#[cfg(test)]
mod tests {
    use super::own_code;
    use crate::failure::Failure;
    use crate::samples;
    use keyway_app::service::{CodeKind, CodeStatus};
    use keyway_app::{DoorcodeView, Error};

    #[test]
    fn ones_own_code_is_the_newest_of_residence_or_shared_door() {
        let daily = samples::code(1, CodeKind::Daily);
        let new = samples::code(2, CodeKind::Residence);
        let replaced = DoorcodeView {
            replaced_by: Some(new.id),
            ..samples::code(3, CodeKind::Residence)
        };
        let list = [daily.clone(), replaced, new];
        assert_eq!(own_code(&list).map(|code| code.id), Ok(list[2].id));
        let shared = [samples::code(4, CodeKind::Communal)];
        assert_eq!(own_code(&shared).map(|code| code.id), Ok(shared[0].id));
    }

    #[test]
    fn a_door_without_one_says_which_way() {
        let told = |codes: &[DoorcodeView]| own_code(codes).map(|code| code.id).err();
        assert_eq!(told(&[]), Some(Failure::Core(Error::NoDoorcode)));
        let not_resettable = Some(Failure::Core(Error::CodeNotResettable));
        assert_eq!(told(&[samples::code(1, CodeKind::Daily)]), not_resettable);
        let expired = DoorcodeView {
            status: CodeStatus::Expired,
            ..samples::code(2, CodeKind::Residence)
        };
        assert_eq!(told(&[expired]), not_resettable);
    }
}
