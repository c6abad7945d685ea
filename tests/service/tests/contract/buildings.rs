//! Buildings and their residents, for the property's staff alone.
use crate::support::{GUEST, Property, RESIDENT, STAFF};
use serde_json::json;

#[test]
fn staff_see_their_buildings_with_address_and_timezone() {
    let (property, _) = Property::seeded();
    property
        .service
        .add_building("Oak Court", "Europe/Berlin")
        .unwrap();
    let phone = property.phone();
    let tokens = phone.sign_in(STAFF, "own");
    let answer = phone.get(&tokens, "/v1/buildings").expect(200).json();
    let buildings = answer["buildings"].as_array().unwrap();
    assert_eq!(buildings.len(), 1, "not the one where she does not work");
    assert_eq!(buildings[0]["name"], "Elm Court");
    assert_eq!(buildings[0]["timezone"], "America/New_York");
    assert_eq!(
        buildings[0]["address"],
        json!({
            "addressLine1": "4 Elm Street", "addressLine2": "", "addressLine3": "",
            "city": "New York", "state": "NY", "postalCode": "10001", "country": "US",
        })
    );
}

#[test]
fn staff_see_who_lives_in_the_building_in_pages() {
    let (property, _) = Property::seeded();
    let phone = property.phone();
    let tokens = phone.sign_in(STAFF, "own");
    let get = |path: &str| phone.get(&tokens, path).expect(200).json();
    let building = get("/v1/buildings")["buildings"][0]["uuid"].clone();
    let path = format!("/v1/buildings/{}/residents", building.as_str().unwrap());
    let all = get(&path);
    let emails: Vec<_> = all["residents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|person| person["email"].as_str().unwrap())
        .collect();
    // Neither the guest nor the staff live here.
    assert_eq!(
        emails,
        ["idle@example.org", "rosa@example.org", "sam@example.org"]
    );
    assert_eq!(all["residents"][1]["firstName"], "Rosa");
    assert_eq!(all["residents"][1]["lastName"], "Ortiz");

    let first = get(&format!("{path}?pageSize=2"));
    let token = first["nextPageToken"].as_str().unwrap();
    let rest = get(&format!("{path}?pageSize=2&pageToken={token}"));
    assert_eq!(rest["residents"], json!([all["residents"][2]]));
    assert!(rest.get("nextPageToken").is_none());
}

#[test]
fn residents_and_guests_see_no_buildings() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    for person in [RESIDENT, GUEST] {
        let tokens = phone.sign_in(person, "own");
        let told = phone.get(&tokens, "/v1/buildings").expect(403);
        assert_eq!(told.code(), "FORBIDDEN");
        let path = format!("/v1/buildings/{}/residents", seeded.doors[0].uuid);
        phone.get(&tokens, &path).expect(403);
    }
}

#[test]
fn another_propertys_building_does_not_exist_for_staff() {
    let (property, _) = Property::seeded();
    let other = property
        .service
        .add_building("Oak Court", "Europe/Berlin")
        .unwrap();
    let phone = property.phone();
    let tokens = phone.sign_in(STAFF, "own");
    let path = format!("/v1/buildings/{other}/residents");
    assert_eq!(phone.get(&tokens, &path).expect(404).code(), "NOT_FOUND");
}
