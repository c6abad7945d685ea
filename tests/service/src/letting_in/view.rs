//! OpenDOOR's `User` and `UserAccess`, with what became of an access since.
use super::known_as::Names;
use super::recipient::Described;
use crate::document::shapes::{Digits, DoorFailureCode, Moment};
use crate::doorcodes;
use crate::problem::Problem;
use crate::state::Service;
use crate::store::accesses::Access;
use crate::store::accounts::Account;
use crate::store::doorcodes::Doorcode;
use crate::store::revoked::RevokedAccess;
use crate::time::rfc3339;
use crate::words::{PasscodeType, Role};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Somebody who was let in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = User)]
pub(crate) struct UserView {
    user_uuid: Uuid,
    first_name: String,
    last_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    phone: Option<String>,
    accesses: Vec<AccessView>,
    /// Only after an invitation: the doors at which it could not be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    failures: Option<Vec<FailureView>>,
}

/// One door that opens to them, or did.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UserAccess)]
pub(super) struct AccessView {
    door_uuid: Uuid,
    passcode_type: PasscodeType,
    role: Role,
    shareable: bool,
    #[schema(value_type = Moment)]
    start_time: String,
    #[schema(value_type = Option<Moment>, required)]
    end_time: Option<String>,
    granter: GranterView,
    doorcode: DoorcodeView,
    state: AccessState,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    revocation: Option<RevocationView>,
}

/// Who let them in.
#[derive(Serialize, ToSchema)]
#[schema(as = AccessGranter)]
struct GranterView {
    r#type: GranterType,
    uuid: Uuid,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
enum GranterType {
    /// A person.
    User,
    /// The property itself.
    Partner,
}

/// The code that was made, for the eyes of whoever had it made.
#[derive(Serialize, ToSchema)]
#[schema(as = Doorcode)]
struct DoorcodeView {
    #[schema(value_type = Option<Digits>, required)]
    code: Option<String>,
    description: Description,
}

/// Why there is a code, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = DoorcodeDescription)]
pub(super) enum Description {
    Valid,
    /// The person has a resident's code at this shared door.
    CommunalDoorcodeConflict,
    /// The person is a guest here already.
    UserHasGuestAccessConflict,
    /// The person lives here.
    UserHasResidentAccess,
}

/// How far the lock knows of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum AccessState {
    Active,
    /// The service refuses; the lock does not know yet.
    RevokeRequested,
    /// Somebody's phone has it for the lock.
    RevokeCarried,
    /// The lock signed that it refuses too.
    RevokeConfirmed,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Revocation)]
struct RevocationView {
    #[schema(value_type = Moment)]
    requested_at: String,
    #[schema(value_type = Option<Moment>, required)]
    carried_at: Option<String>,
    #[schema(required)]
    carried_by: Option<String>,
    #[schema(value_type = Option<Moment>, required)]
    confirmed_at: Option<String>,
}

/// A door at which it could not be done.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DoorFailure)]
pub(super) struct FailureView {
    pub(super) door_uuid: Uuid,
    #[schema(value_type = DoorFailureCode)]
    pub(super) code: &'static str,
}

impl UserView {
    /// Somebody with an account, by the names that the caller may know.
    pub(super) fn of_account(account: Account, names: Names, accesses: Vec<AccessView>) -> Self {
        Self {
            user_uuid: account.id,
            first_name: names.first_name,
            last_name: names.last_name,
            email: Some(account.email),
            phone: None,
            accesses,
            failures: None,
        }
    }

    pub(super) fn of_recipient(id: Uuid, person: Described, accesses: Vec<AccessView>) -> Self {
        Self {
            user_uuid: id,
            first_name: person.first_name,
            last_name: person.last_name,
            email: person.email,
            phone: person.phone,
            accesses,
            failures: None,
        }
    }

    pub(super) fn with_failures(mut self, failures: Vec<FailureView>) -> Self {
        self.failures = Some(failures);
        self
    }

    /// What a list is sorted by.
    pub(super) fn key(&self) -> String {
        let (last, first) = (&self.last_name, &self.first_name);
        format!("{last}\n{first}\n{}", self.user_uuid).to_lowercase()
    }
}

impl AccessView {
    /// Somebody lives behind the door by it.
    pub(super) fn is_residents(&self) -> bool {
        self.role == Role::Resident && matches!(self.state, AccessState::Active)
    }

    /// Who let the person in, unless it was the property itself.
    pub(super) fn host(&self) -> Option<Uuid> {
        matches!(self.granter.r#type, GranterType::User).then_some(self.granter.uuid)
    }

    /// `code` where it may be told.
    pub(super) fn of_access(
        service: &Service,
        access: &Access,
        code: Option<&Doorcode>,
    ) -> Result<Self, Problem> {
        Ok(Self {
            door_uuid: access.door_id,
            passcode_type: PasscodeType::Permanent,
            role: access.role,
            shareable: access.shareable,
            start_time: rfc3339(access.starts_at)?,
            end_time: access.ends_at.map(rfc3339).transpose()?,
            granter: granter(service, access.granted_by),
            doorcode: valid(service, code)?,
            state: AccessState::Active,
            revocation: None,
        })
    }

    pub(super) fn of_revoked(service: &Service, row: &RevokedAccess) -> Result<Self, Problem> {
        let state = if row.confirmed_at.is_some() {
            AccessState::RevokeConfirmed
        } else if row.carried.is_some() {
            AccessState::RevokeCarried
        } else {
            AccessState::RevokeRequested
        };
        let carried_at = row.carried.as_ref().map(|(at, _)| rfc3339(*at));
        Ok(Self {
            state,
            revocation: Some(RevocationView {
                requested_at: rfc3339(row.requested_at)?,
                carried_at: carried_at.transpose()?,
                carried_by: row.carried.as_ref().map(|(_, by)| by.clone()),
                confirmed_at: row.confirmed_at.map(rfc3339).transpose()?,
            }),
            ..Self::of_access(service, &row.access, None)?
        })
    }

    /// A daily code that was sent to somebody outside; `told`: to whom it may be told.
    pub(super) fn of_sent(service: &Service, code: &Doorcode, told: bool) -> Result<Self, Problem> {
        Ok(Self {
            door_uuid: code.door_id,
            passcode_type: code.kind.passcode_type(),
            role: Role::Guest,
            shareable: false,
            start_time: rfc3339(code.starts_at)?,
            end_time: code.ends_at.map(rfc3339).transpose()?,
            granter: granter(service, code.granted_by),
            doorcode: valid(service, told.then_some(code))?,
            state: AccessState::Active,
            revocation: None,
        })
    }

    /// Nothing was made, because the person can open the door already. It shows what was asked for, not what the person has: that is not
    /// for everybody who knows an address.
    pub(super) fn of_conflict(
        service: &Service,
        asked: &Access,
        description: Description,
    ) -> Result<Self, Problem> {
        Ok(Self {
            doorcode: DoorcodeView {
                code: None,
                description,
            },
            ..Self::of_access(service, asked, None)?
        })
    }
}

fn granter(service: &Service, granted_by: Option<Uuid>) -> GranterView {
    match granted_by {
        Some(uuid) => GranterView {
            r#type: GranterType::User,
            uuid,
        },
        None => GranterView {
            r#type: GranterType::Partner,
            uuid: service.issuer().property(),
        },
    }
}

fn valid(service: &Service, code: Option<&Doorcode>) -> Result<DoorcodeView, Problem> {
    let digits = code.map(|code| doorcodes::digits(service, code));
    Ok(DoorcodeView {
        code: digits.transpose()?.map(|digits| digits.to_string()),
        description: Description::Valid,
    })
}
