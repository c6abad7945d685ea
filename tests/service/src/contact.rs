//! How a building is reached when an app cannot help.
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a resident who stands outside needs of the property.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Contact {
    /// As it is dialled.
    pub phone: Option<String>,
    /// The office's address.
    pub email: Option<String>,
    /// Where the building stands.
    pub address: Address,
}

/// A postal address, in OpenDOOR's members; what is not known is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Address {
    /// Street and number.
    #[schema(required)]
    pub address_line1: String,
    /// What the street does not say.
    #[schema(required)]
    pub address_line2: String,
    /// What the second line does not say.
    #[schema(required)]
    pub address_line3: String,
    /// The city.
    #[schema(required)]
    pub city: String,
    /// State or province.
    #[schema(required)]
    pub state: String,
    /// Postal code.
    #[schema(required)]
    pub postal_code: String,
    /// Country.
    #[schema(required)]
    pub country: String,
}
