//! How a building is reached when an app cannot help.
use serde::{Deserialize, Serialize};

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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Address {
    /// Street and number.
    pub address_line1: String,
    /// What the street does not say.
    pub address_line2: String,
    /// What the second line does not say.
    pub address_line3: String,
    /// The city.
    pub city: String,
    /// State or province.
    pub state: String,
    /// Postal code.
    pub postal_code: String,
    /// Country.
    pub country: String,
}
