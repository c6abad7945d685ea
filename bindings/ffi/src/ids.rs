//! Ids: UUIDs in their hyphenated form. One that is not is answered like one that nobody knows.

use crate::error::KeywayError;
use keyway_app::service::{DoorId, DoorcodeId, PersonId, SessionId};

uniffi::custom_type!(
    /// Names one door: a UUID in its hyphenated form.
    DoorId,
    String,
    {
        remote,
        lower: |id| id.to_string(),
        try_lift: |text| DoorId::parse(&text).ok_or_else(|| KeywayError::DoorUnknown.into()),
    }
);

uniffi::custom_type!(
    /// Names one doorcode: a UUID in its hyphenated form.
    DoorcodeId,
    String,
    {
        remote,
        lower: |id| id.to_string(),
        try_lift: |text| DoorcodeId::parse(&text).ok_or_else(|| KeywayError::NoDoorcode.into()),
    }
);

uniffi::custom_type!(
    /// Names one of the account's sessions: a UUID in its hyphenated form.
    SessionId,
    String,
    {
        remote,
        lower: |id| id.to_string(),
        try_lift: |text| SessionId::parse(&text).ok_or_else(|| KeywayError::SessionUnknown.into()),
    }
);

uniffi::custom_type!(
    /// Names a person whom somebody let in: a UUID in its hyphenated form.
    PersonId,
    String,
    {
        remote,
        lower: |id| id.to_string(),
        try_lift: |text| PersonId::parse(&text).ok_or_else(|| KeywayError::PersonUnknown.into()),
    }
);
