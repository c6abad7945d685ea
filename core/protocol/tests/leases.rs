//! What a lease bounds when nobody brings news: couriers that drop everything, a guest who stays offline, a phone that was borrowed.

mod estate;

use estate::{DAY, Lock, NOON, Property, code, holder};
use keyway_protocol::critical::{Revocation, Revoked};
use keyway_protocol::error::Code;
use keyway_protocol::grant::{Flags, Grant};
use keyway_protocol::ids::{GrantId, SubjectId};
use keyway_protocol::lock::Operation;
use keyway_protocol::root::BACKDATING;
use keyway_protocol::time::UtcSeconds;

const UNLOCK: Operation = Operation::Unlock { presence: false };
const HOUR: u64 = 3_600;
const GUEST: u8 = 20;

/// A guest's day, issued then.
fn guest_grant(property: &Property, issued: UtcSeconds, crit_seq: u64) -> Grant {
    let mut claims = property.claims(&holder(GUEST), issued);
    claims.flags = Flags::GUEST;
    claims.expires = issued.plus(DAY);
    claims.min_crit_seq = crit_seq;
    property.grant(&claims)
}

/// A resident's week; each courier is somebody else.
fn courier_grant(property: &Property, number: u8, issued: UtcSeconds, crit_seq: u64) -> Grant {
    let mut claims = property.claims(&holder(number), issued);
    (claims.id, claims.subject) = (GrantId([number; 16]), SubjectId([number; 16]));
    claims.min_crit_seq = crit_seq;
    property.grant(&claims)
}

/// The lane that revokes the guest; issued at noon, whenever it comes.
fn revoking(property: &Property, seq: u64) -> Vec<u8> {
    let whom = Revoked::Holder(holder(GUEST).holder_hash());
    property.revoking(seq, vec![Revocation { whom, until: NOON }])
}

#[test]
fn r04_couriers_that_drop_every_lane_win_the_lease_and_no_more() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    lock.lane(&property.section(&property.lane(1, NOON)))
        .unwrap();
    lock.attest(&property, NOON);
    let guest = guest_grant(&property, NOON, 1);
    let couriers: Vec<Grant> = (30..50)
        .map(|number| courier_grant(&property, number, NOON, 1))
        .collect();
    // Lane 2 revokes the guest. Twenty couriers come every hour with what they have, and drop it, for ever.
    let (mut within, mut after, mut visits) = (0, 0, 0);
    for hour in 0..8 * 24 {
        for courier in &couriers {
            visits += u32::from(lock.judge(courier, UNLOCK).is_ok());
        }
        let opens = u32::from(lock.judge(&guest, UNLOCK).is_ok());
        if hour < 24 {
            within += opens;
        } else {
            after += opens;
        }
        lock.wait(HOUR);
    }
    assert_eq!((within, after), (24, 0));
    assert!(visits > 20 * 7 * 23, "the couriers did come: {visits}");
    // Their own leases are over too. A renewed one names the lane that the lock must have: they open with it or not at all.
    let later = NOON.plus(8 * DAY);
    for number in 30..50 {
        let renewed = courier_grant(&property, number, later, 2);
        assert_eq!(code(lock.judge(&renewed, UNLOCK)), Some(Code::SyncRequired));
    }
    lock.lane(&revoking(&property, 2)).unwrap();
    let renewed = courier_grant(&property, 30, later, 2);
    assert_eq!(lock.judge(&renewed, UNLOCK), Ok(()));
    assert_eq!(code(lock.judge(&guest, UNLOCK)), Some(Code::Revoked));
}

#[test]
fn r09_a_revoked_guest_in_airplane_mode_is_refused_when_the_lease_ends() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    lock.attest(&property, NOON);
    let guest = guest_grant(&property, NOON, 0);
    lock.wait(DAY - 60);
    assert_eq!(lock.judge(&guest, UNLOCK), Ok(()));
    lock.wait(120);
    assert_eq!(code(lock.judge(&guest, UNLOCK)), Some(Code::Expired));
    assert_eq!(
        code(lock.judge(&guest, Operation::Session)),
        Some(Code::Expired)
    );
    // Nor is there a longer lease to be had: the lock knows the cap.
    let mut long = property.claims(&holder(GUEST), NOON.plus(DAY));
    long.flags = Flags::GUEST;
    assert_eq!(
        code(lock.judge(&property.grant(&long), UNLOCK)),
        Some(Code::NotPermitted)
    );
}

#[test]
fn r09_after_one_visit_that_fetched_since_the_revoked_guest_is_refused_at_once() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    lock.attest(&property, NOON);
    let (guest, resident) = (
        guest_grant(&property, NOON, 0),
        courier_grant(&property, 30, NOON, 1),
    );
    assert_eq!(lock.judge(&guest, UNLOCK), Ok(()));
    lock.lane(&revoking(&property, 1)).unwrap();
    assert_eq!(lock.judge(&resident, UNLOCK), Ok(()));
    assert_eq!(code(lock.judge(&guest, UNLOCK)), Some(Code::Revoked));
    lock.power_cycle().unwrap();
    assert_eq!(
        code(lock.judge(&guest, UNLOCK)),
        Some(Code::Revoked),
        "also after a power cut"
    );
}

#[test]
fn r08_a_presence_grant_without_presence_is_refused_by_the_lock() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    lock.attest(&property, NOON);
    let mut claims = property.claims(&holder(GUEST), NOON);
    claims.flags = Flags::PRESENCE;
    let grant = property.grant(&claims);
    for _ in 0..1_000 {
        assert_eq!(
            code(lock.judge(&grant, UNLOCK)),
            Some(Code::PresenceRequired)
        );
    }
    let present = Operation::Unlock { presence: true };
    assert_eq!(lock.judge(&grant, present), Ok(()));
}

#[test]
fn r12_a_borrowed_phones_grant_ends_with_its_quarter_hour() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    lock.attest(&property, NOON);
    let mut claims = property.claims(&holder(GUEST), NOON);
    claims.flags = Flags::BORROWED;
    claims.expires = NOON.plus(BACKDATING);
    let grant = property.grant(&claims);
    lock.wait(BACKDATING - 5);
    assert_eq!(lock.judge(&grant, UNLOCK), Ok(()));
    lock.wait(10);
    assert_eq!(code(lock.judge(&grant, UNLOCK)), Some(Code::Expired));
    claims.expires = NOON.plus(BACKDATING + 1);
    assert_eq!(
        code(lock.judge(&property.grant(&claims), UNLOCK)),
        Some(Code::NotPermitted),
        "over the cap of borrowed phones"
    );
}
