//! OpenDOOR's words for doors, roles and doorcodes, on the wire and in the database alike.
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// Declares an enum whose variants are told and stored as fixed words.
macro_rules! words {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// The word itself.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }

        // The derive does not see a word that a macro brings.
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let description = [$($doc.trim()),+].join(" ");
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .enum_values(Some([$($word),+]))
                    .description(Some(description))
                    .into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.word().into())
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                match value.as_str()? {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(FromSqlError::InvalidType),
                }
            }
        }
    };
}

words! {
    /// What kind of door.
    DoorType {
        /// Shared by the residents.
        Communal = "COMMUNAL",
        /// An elevator's panel.
        Elevator = "ELEVATOR",
        /// The way into the building.
        Entrance = "ENTRANCE",
        /// The door of a home.
        Residence = "RESIDENCE",
        /// For the property's staff.
        Service = "SERVICE",
    }
}

words! {
    /// Who passes a door.
    Accessibility {
        /// Everybody of the building, more or less.
        Communal = "COMMUNAL",
        /// Few.
        Private = "PRIVATE",
    }
}

words! {
    /// What hangs on a door.
    LockModel {
        /// A cylindrical lock without a deadbolt.
        Cylindrical = "C",
        /// A mortise lock with a deadbolt that can be thrown by hand.
        Mortise = "M",
        /// A reader beside a door that something else holds shut.
        Reader = "R",
    }
}

words! {
    /// What a deadbolt that was thrown does to doorcodes.
    Deadbolt {
        /// There is no deadbolt.
        None = "NONE",
        /// While it is thrown, daily codes are refused; residents' codes are not.
        RefusesDailyCodes = "REFUSES_DAILY_CODES",
    }
}

words! {
    /// What somebody is to a door.
    Role {
        /// Lives behind it.
        Resident = "RESIDENT",
        /// Works behind it, or for the property.
        NonResident = "NON_RESIDENT",
        /// Was let in by somebody.
        Guest = "GUEST",
    }
}

words! {
    /// How long a passcode lives.
    PasscodeType {
        /// Until it is changed or ends.
        Permanent = "PERMANENT",
        /// One calendar day at the door.
        Daily = "DAILY",
        /// One calendar day, and 15 minutes from its first use.
        DailySingleUse = "DAILY_SINGLE_USE",
    }
}

words! {
    /// Whose doorcode, and for what.
    DoorcodeKind {
        /// A resident's own at the own home.
        Residence = "RESIDENCE",
        /// A resident's own at a shared door.
        Communal = "COMMUNAL",
        /// For one day.
        Daily = "DAILY",
        /// For one day, once.
        DailySingleUse = "DAILY_SINGLE_USE",
        /// A guest's.
        Permanent = "PERMANENT",
    }
}

words! {
    /// What a doorcode does at the door now.
    DoorcodeStatus {
        /// It opens.
        Active = "ACTIVE",
        /// It opens after the door's next sync.
        PendingSync = "PENDING_SYNC",
        /// Its time has not come.
        NotYet = "NOT_YET",
        /// Its time is over.
        Expired = "EXPIRED",
    }
}

impl DoorType {
    /// Who passes such a door.
    #[must_use]
    pub fn accessibility(self) -> Accessibility {
        match self {
            Self::Communal | Self::Elevator | Self::Entrance => Accessibility::Communal,
            Self::Residence | Self::Service => Accessibility::Private,
        }
    }
}

impl LockModel {
    /// What its deadbolt does to doorcodes.
    #[must_use]
    pub fn deadbolt(self) -> Deadbolt {
        match self {
            Self::Cylindrical | Self::Reader => Deadbolt::None,
            Self::Mortise => Deadbolt::RefusesDailyCodes,
        }
    }
}

impl DoorcodeKind {
    /// How long such a code lives.
    #[must_use]
    pub fn passcode_type(self) -> PasscodeType {
        match self {
            Self::Residence | Self::Communal | Self::Permanent => PasscodeType::Permanent,
            Self::Daily => PasscodeType::Daily,
            Self::DailySingleUse => PasscodeType::DailySingleUse,
        }
    }
}
