//! What a lock's body has to say at the keypad: a thrown deadbolt refuses codes that anybody may have been given, a low battery refuses all.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

mod estate;

use estate::codes::{daily, lock_at, new_york};
use estate::{Lock, NOON, Property, code};
use keyway_protocol::code::{CivilDay, DailyKind};
use keyway_protocol::error::Code;
use keyway_protocol::lock::keypad::BURST;
use keyway_protocol::lock::{Body, Env, Input, Node, Output};

const TOO_LOW: u8 = 2;
const ENOUGH: u8 = 3;

fn today() -> CivilDay {
    new_york().days_at(NOON.0 as i64).0
}

/// A lock with a code in its table and with daily codes, at noon.
fn lock(property: &mut Property) -> Lock {
    let mut lock = lock_at(property, NOON);
    let table = vec![property.codes(&[(1, 1, "1234567")])];
    lock.push(&property.bundle(2, Some(1), table)).unwrap();
    lock
}

#[test]
fn a_thrown_deadbolt_refuses_daily_codes_and_not_those_of_the_table() {
    let mut property = Property::new();
    let mut lock = lock(&mut property);
    lock.deadbolt = true;
    for kind in DailyKind::ALL {
        let typed = lock.type_code(&daily(&property, kind, 2, today()));
        assert_eq!(code(typed), Some(Code::Deadbolt));
    }
    assert!(lock.type_code("1234567").is_ok(), "a resident's own way in");
    lock.deadbolt = false;
    for kind in DailyKind::ALL {
        let typed = lock.type_code(&daily(&property, kind, 2, today()));
        assert!(typed.is_ok(), "the deadbolt was all there was against it");
    }
}

#[test]
fn a_battery_that_cannot_move_the_bolt_refuses_every_code() {
    let mut property = Property::new();
    let mut lock = lock(&mut property);
    lock.battery = TOO_LOW;
    let daily_code = daily(&property, DailyKind::Daily, 2, today());
    for digits in ["1234567", &daily_code, "0000000"] {
        assert_eq!(code(lock.type_code(digits)), Some(Code::BatteryLow));
    }
    lock.battery = ENOUGH;
    assert!(lock.type_code("1234567").is_ok());
    assert!(lock.type_code(&daily_code).is_ok());
}

/// Types a code at a whole machine; gives what it has to do.
fn outputs_of(lock: Lock, digits: &str) -> Vec<Output> {
    let Lock {
        documents,
        mut flash,
        mut keys,
        mut random,
        now,
        battery,
        ..
    } = lock;
    let mut node = Node::new(documents);
    let keys_pressed = digits.bytes().map(|byte| byte - b'0');
    for key in [10].into_iter().chain(keys_pressed).chain([11]) {
        let mut env = Env {
            now,
            random: &mut random,
            flash: &mut flash,
            keys: &mut keys,
            body: Body {
                battery_percent: battery,
                deadbolt_thrown: false,
            },
        };
        node.handle_input(Input::Digit(key), &mut env);
    }
    let output = || match node.poll_output(now) {
        Output::Wait(_) => None,
        output => Some(output),
    };
    std::iter::from_fn(output).collect()
}

#[test]
fn no_motor_starts_for_a_code_when_the_battery_cannot_move_the_bolt() {
    for (battery, starts) in [(TOO_LOW, false), (ENOUGH, true)] {
        let mut lock = lock(&mut Property::new());
        lock.battery = battery;
        let outputs = outputs_of(lock, "1234567");
        assert_eq!(outputs.contains(&Output::Withdraw), starts);
        let refused = Output::KeypadRefused(Code::BatteryLow.into());
        assert_eq!(outputs.contains(&refused), !starts);
    }
}

#[test]
fn a_right_code_keeps_its_try_while_the_battery_is_low_and_a_guess_does_not() {
    let mut property = Property::new();
    let mut lock = lock(&mut property);
    lock.battery = TOO_LOW;
    for _ in 0..3 * BURST {
        assert_eq!(code(lock.type_code("1234567")), Some(Code::BatteryLow));
    }
    for _ in 0..BURST {
        assert_eq!(code(lock.type_code("0000000")), Some(Code::BatteryLow));
    }
    lock.battery = ENOUGH;
    assert_eq!(
        code(lock.type_code("1234567")),
        Some(Code::Busy),
        "a low battery is no free guess"
    );
}

#[test]
fn a_single_use_code_is_not_used_by_a_battery_that_is_too_low() {
    let mut property = Property::new();
    let mut lock = lock(&mut property);
    let single = daily(&property, DailyKind::SingleUse, 4, today());
    lock.battery = TOO_LOW;
    assert_eq!(code(lock.type_code(&single)), Some(Code::BatteryLow));
    lock.wait(1_000);
    lock.battery = ENOUGH;
    assert!(
        lock.type_code(&single).is_ok(),
        "its quarter of an hour has not begun"
    );
}
