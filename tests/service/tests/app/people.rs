//! Letting in, taking back, resetting codes and looking at a door's activity.
use crate::phone::{NOON, PASSWORD, Phone, secret};
use keyway_app::account::WhosePhone;
use keyway_app::service::{
    AccessState, CodeDay, CodeKind, CodeStatus, DoorId, DoorRole, LetIn, PasscodeType, Recipient,
};
use keyway_app::{CodeForSomeone, Error, Invitation};

const DAY: i64 = 86_400_000;
const TOM: &str = "tom@example.com";

fn signed_in() -> Phone {
    let phone = Phone::new();
    phone.sign_in(WhosePhone::Own).unwrap();
    phone
}

/// The doors of the phone's owner, by their place in the list.
fn door(phone: &Phone, index: usize) -> DoorId {
    let doors = phone.run(phone.app.doors()).unwrap();
    doors.doors[index].door.id
}

fn invite_tom(phone: &Phone, doors: Vec<DoorId>) -> Result<LetIn, Error> {
    phone.run(phone.app.invite_guest(Invitation {
        first_name: "Tom".into(),
        last_name: "Taylor".into(),
        recipient: Recipient::Email(TOM.into()),
        doors,
        start: None,
        end: Some(NOON + 30 * DAY),
    }))
}

fn code_for(phone: &Phone, to: Recipient, door: DoorId, day: CodeDay) -> Result<LetIn, Error> {
    phone.run(phone.app.send_doorcode(CodeForSomeone {
        first_name: "Una".into(),
        last_name: "Taylor".into(),
        recipient: to,
        doors: vec![door],
        single_use: false,
        day,
    }))
}

#[test]
fn a_guest_is_invited_listed_prolonged_and_taken_back() {
    let phone = signed_in();
    let home = door(&phone, 0);
    let let_in = invite_tom(&phone, vec![home]).unwrap();
    assert!(let_in.failures.is_empty());
    let access = &let_in.person.accesses[0];
    assert_eq!(access.passcode_type, PasscodeType::Permanent);
    assert_eq!(access.role, DoorRole::Guest);
    assert!(access.digits.is_some() && !access.had_access);
    assert!(phone.newest_mail().contains("Hello Tom"));

    let person = let_in.person.id;
    let people = phone.run(phone.app.people_let_in()).unwrap();
    let tom = people.iter().find(|known| known.id == person).unwrap();
    assert_eq!(tom.name, "Tom Taylor");
    let longer = phone.app.change_end(person, home, None);
    assert_eq!(phone.run(longer).unwrap().accesses[0].end, None);
    let past = phone.app.change_end(person, home, Some(NOON - DAY));
    assert_eq!(phone.run(past).unwrap_err(), Error::PeriodInvalid);

    phone.run(phone.app.revoke(person, home)).unwrap();
    let people = phone.run(phone.app.people_let_in()).unwrap();
    let tom = people.iter().find(|known| known.id == person).unwrap();
    let AccessState::Revoked(revocation) = &tom.accesses[0].state else {
        panic!("not taken back");
    };
    assert_eq!(revocation.requested_at, NOON);
    assert_eq!(revocation.confirmed_at, None);
}

#[test]
fn the_phone_that_takes_an_access_back_carries_that_itself() {
    let phone = signed_in();
    let home = door(&phone, 0);
    let person = invite_tom(&phone, vec![home]).unwrap().person.id;
    phone.run(phone.app.revoke(person, home)).unwrap();
    let people = phone.run(phone.app.people_let_in()).unwrap();
    let tom = people.iter().find(|known| known.id == person).unwrap();
    let AccessState::Revoked(revocation) = &tom.accesses[0].state else {
        panic!("not taken back");
    };
    let (_, by) = revocation.carried.as_ref().unwrap();
    assert_eq!(by, "Rosa Ortiz");
}

#[test]
fn a_daily_code_goes_to_a_telephone_for_the_day_that_was_asked_for() {
    let phone = signed_in();
    let home = door(&phone, 0);
    let to = || Recipient::Phone("+1 (212) 555-0142".into());
    let today = code_for(&phone, to(), home, CodeDay::Today).unwrap();
    let tomorrow = code_for(&phone, to(), home, CodeDay::Tomorrow).unwrap();
    let start = |let_in: &LetIn| let_in.person.accesses[0].start;
    // Midnight in New York is five in the morning in Greenwich.
    assert_eq!(start(&today), NOON - 7 * 3_600_000);
    assert_eq!(start(&tomorrow), start(&today) + DAY);
    assert!(phone.newest_mail().contains("Wednesday, 25 November 2026"));
    let revoked = phone.app.revoke(today.person.id, home);
    assert_eq!(phone.run(revoked), Err(Error::CodeCannotBeRevoked));
}

#[test]
fn what_cannot_be_done_at_one_door_is_told_with_the_others_done() {
    let phone = signed_in();
    let (home, entrance) = (door(&phone, 0), door(&phone, 1));
    let stranger = DoorId::from([7; 16]);
    let let_in = invite_tom(&phone, vec![stranger, home]).unwrap();
    assert_eq!(let_in.person.accesses.len(), 1);
    assert_eq!(let_in.failures, [(stranger, Error::DoorUnknown)]);
    let again = invite_tom(&phone, vec![home, entrance]).unwrap();
    let had_access: Vec<bool> = again
        .person
        .accesses
        .iter()
        .map(|access| access.had_access)
        .collect();
    assert_eq!(had_access, [true, false]);
    let nowhere = invite_tom(&phone, vec![stranger]);
    assert_eq!(nowhere.unwrap_err(), Error::DoorUnknown);
}

#[test]
fn a_guest_lets_nobody_in() {
    let phone = Phone::new();
    let email = "gina@example.org".to_owned();
    let sign_in = phone.app.sign_in(email, secret(PASSWORD), WhosePhone::Own);
    phone.run(sign_in).unwrap();
    let home = door(&phone, 0);
    let told = invite_tom(&phone, vec![home]);
    assert_eq!(told.unwrap_err(), Error::SharingNotAllowed);
    assert!(phone.run(phone.app.people_let_in()).unwrap().is_empty());
}

#[test]
fn a_code_is_reset_once_and_both_are_shown_for_what_they_are() {
    let phone = signed_in();
    let home = door(&phone, 0);
    let codes = phone.run(phone.app.doorcodes(home)).unwrap().codes;
    let old = codes
        .iter()
        .find(|code| code.kind == CodeKind::Residence)
        .unwrap();
    let new = phone.run(phone.app.reset_doorcode(old.id)).unwrap();
    assert_eq!(new.status, CodeStatus::PendingSync);
    let again = phone.run(phone.app.reset_doorcode(old.id));
    assert_eq!(again.unwrap_err(), Error::CodeNotResettable);
}

#[test]
fn a_door_without_a_log_shows_none() {
    let phone = signed_in();
    let home = door(&phone, 0);
    let activity = phone.run(phone.app.activity(home, None)).unwrap();
    assert!(activity.entries.is_empty() && activity.next.is_none());
}
