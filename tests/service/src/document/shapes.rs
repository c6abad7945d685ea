//! What stands in requests and answers again and again, with its real bounds.
use crate::limits;
use crate::oauth::CLIENT_ID;
use crate::words::PasscodeType;
use std::borrow::Cow;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

/// The media type of a page.
pub(crate) const PAGE: &str = "text/html";

/// Declares schemas of strings by name.
macro_rules! shapes {
    ($($(#[doc = $doc:literal])+ $name:ident = $bounds:expr;)+) => {$(
        $(#[doc = $doc])+
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let bounds: fn(ObjectBuilder) -> ObjectBuilder = $bounds;
                let text = ObjectBuilder::new().schema_type(Type::String);
                let description = [$($doc.trim()),+].join(" ");
                bounds(text).description(Some(description)).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )+};
}

shapes! {
    /// An e-mail address, as it is typed: it is trimmed and lower-cased.
    Email = |text| {
        let sound = r"^ *[^\s\x00-\x1f\x7f-\x9f]*@[^\s\x00-\x1f\x7f-\x9f]* *$";
        text.max_length(Some(limits::EMAIL)).pattern(Some(sound))
    };
    /// The e-mail address of exactly one mailbox, as it is typed: it is trimmed and lower-cased.
    Mailbox = |text| {
        let sound = r#"^ *[^\s\x00-\x1f\x7f-\x9f@,;:<>()\[\]\\"]+@[^\s\x00-\x1f\x7f-\x9f@,;:<>()\[\]\\"]+ *$"#;
        text.max_length(Some(limits::EMAIL)).pattern(Some(sound))
    };
    /// A first or last name of one line; blanks around it do not count, and there is more than that.
    PersonName = |text| {
        let sound = r"^ *[^ \x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^ \x00-\x1f\x7f-\x9f])? *$";
        text.min_length(Some(1)).max_length(Some(limits::NAME)).pattern(Some(sound))
    };
    /// A password that is set: 12 to 1024 characters with an upper-case letter, a digit and a symbol.
    NewPassword = |text| {
        text.min_length(Some(limits::SHORTEST_PASSWORD))
            .max_length(Some(limits::LONGEST_PASSWORD))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
    };
    /// A password that was set, byte-exact.
    Password = |text| {
        text.max_length(Some(limits::LONGEST_PASSWORD))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
    };
    /// 16 bytes, base64url without padding.
    Bytes16 = |text| text.pattern(Some("^[A-Za-z0-9_-]{21}[AQgw]$"));
    /// 32 bytes, base64url without padding.
    Bytes32 = |text| text.pattern(Some("^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"));
    /// 64 bytes, base64url without padding.
    Bytes64 = |text| text.pattern(Some("^[A-Za-z0-9_-]{85}[AQgw]$"));
    /// A point of P-256 in SEC1, 33 bytes compressed or 65 bytes uncompressed, base64url without padding.
    PublicKey = |text| text.pattern(Some("^([A-Za-z0-9_-]{44}|[A-Za-z0-9_-]{86}[AEIMQUYcgkosw048])$"));
    /// The one client of this service.
    ClientId = |text| text.enum_values(Some([CLIENT_ID]));
    /// How a one-time code travels.
    Connection = |text| text.enum_values(Some(["email"]));
    /// What travels.
    WhatIsSent = |text| text.enum_values(Some(["code"]));
    /// A passcode for one day.
    DailyPasscodeType = |text| {
        let daily = [PasscodeType::Daily, PasscodeType::DailySingleUse];
        text.enum_values(Some(daily.map(PasscodeType::word)))
    };
    /// Why somebody was not let in at one door.
    DoorFailureCode = |text| {
        let codes = crate::letting_in::DOORS_OWN.map(|problem| problem.code());
        text.enum_values(Some(codes))
    };
    /// A refresh token: 52 bytes, base64url without padding.
    RefreshTokenText = |text| text.pattern(Some("^[A-Za-z0-9_-]{69}[AQgw]$"));
    /// What leads on to the next page.
    PageToken = |text| text.pattern(Some("^[A-Za-z0-9_-]*$"));
    /// An RFC 7636 code verifier.
    CodeVerifier = |text| text.pattern(Some("^[A-Za-z0-9._~-]{43,128}$"));
    /// A one-time code.
    OneTimeCode = |text| text.pattern(Some("^[0-9]{6}$"));
    /// RFC 3339.
    Moment = |text| text.format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
    /// Opaque digits; leading zeros matter.
    Digits = |text| text.pattern(Some("^[0-9]+$"));
    /// CBOR, sealed or signed: PROTOCOL.md says what is in it.
    Octets = |text| text.format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
}

/// A page, or any other text.
pub(super) fn text() -> Schema {
    ObjectBuilder::new().schema_type(Type::String).into()
}
