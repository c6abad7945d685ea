//! What the pages have around their forms: the way in, the mark, and times as they are at the resident's doors.
use crate::browser::{Browser, attribute, html, tags};
use crate::support::{NOON, Property, RESIDENT};
use crate::web_sessions::signed_in;
use keyway_service::{DoorType, Hardware, NewAccess, NewDoor, Role, Seeded};

/// The times on the page, as people read them.
fn times(page: &str) -> Vec<&str> {
    page.match_indices("<time datetime=\"")
        .map(|(at, _)| page[at..].split(['>', '<']).nth(2).unwrap())
        .collect()
}

/// Gives the first resident one more door, in a building with a clock of its own.
fn move_in_elsewhere(property: &Property, seeded: &Seeded, timezone: &str) {
    let service = &property.service;
    let door = NewDoor {
        building: service.add_building("Oak Court", timezone).unwrap(),
        name: "Home 1A",
        door_type: DoorType::Residence,
        connected: false,
        bluetooth_unlock: true,
        keypad_digits: 7,
        keypad_wake: "",
        hardware: Hardware::default(),
    };
    let access = NewAccess {
        door: service.add_door(&door).unwrap(),
        account: seeded.accounts[0],
        role: Role::Resident,
        starts_at: NOON,
        ends_at: None,
    };
    service.add_access(&access).unwrap();
}

#[test]
fn times_are_told_as_they_are_at_the_doors() {
    let (property, seeded) = Property::seeded();
    property.phone().sign_in(RESIDENT, "borrowed");
    let mut browser = signed_in(&property, RESIDENT);
    let page = html(&browser.get("/account/sessions").expect(200));
    assert_eq!(
        times(&page),
        [
            "24 November 2026, 07:00 EST",
            "24 November 2026, 07:00 EST",
            "24 November 2026, 07:15 EST",
        ]
    );
    assert!(page.contains("datetime=\"2026-11-24T12:15:00Z\""));
    move_in_elsewhere(&property, &seeded, "America/New_York");
    let page = html(&browser.get("/account/sessions").expect(200));
    assert_eq!(times(&page)[0], "24 November 2026, 07:00 EST");
    move_in_elsewhere(&property, &seeded, "Europe/Berlin");
    let page = html(&browser.get("/account/sessions").expect(200));
    assert_eq!(times(&page)[0], "24 November 2026, 12:00 UTC");
}

#[test]
fn half_of_an_address_leads_to_the_pages() {
    let property = Property::open();
    let answer = Browser::new(&property).get("/account").expect(303);
    assert_eq!(answer.header("location"), "/account/sessions");
}

#[test]
fn each_page_has_a_mark_of_ours() {
    let property = Property::open();
    let mut browser = Browser::new(&property);
    let page = html(&browser.get("/account/sign-in").expect(200));
    let [icon, style] = tags(&page, "link")[..] else {
        panic!("an icon and a style");
    };
    assert_eq!(attribute(style, "href"), Some("/account/style.css"));
    let icon = browser.get(attribute(icon, "href").unwrap()).expect(200);
    assert_eq!(icon.header("content-type"), "image/svg+xml");
    let mark = html(&icon);
    for forbidden in ["<script", "href", "url("] {
        assert!(!mark.contains(forbidden), "{forbidden} in {mark}");
    }
}
