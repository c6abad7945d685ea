//! iOS and macOS: one central for ever, the state only known at the first use, nothing restored after the power was off.

use super::fake::Fake;
use super::{DEADLINE, lock};
use crate::radio::bluetooth::policy::Policy;
use crate::radio::bluetooth::stack::AdapterEvent;
use core::time::Duration;
use keyway_app::ports::{LinkEvent, Permission, Power, Radio as _, RadioError};
use tokio::time::sleep;

#[tokio::test(start_paused = true)]
async fn the_central_is_made_once_and_at_the_first_use() {
    let fake = Fake::new();
    let radio = fake.radio(Policy::APPLE);
    let state = radio.state();
    assert_eq!(
        (state.power, state.permission),
        (Power::On, Permission::NotAsked)
    );
    assert_eq!(fake.record().opened, 0, "asking the state asks nobody");
    let (first, second) = tokio::join!(radio.scan(), radio.scan());
    assert!(first.is_ok() && second.is_ok());
    fake.say(&AdapterEvent::Power(false));
    sleep(Duration::from_millis(10)).await;
    assert_eq!(radio.state().power, Power::Off);
    assert_eq!(radio.scan().await.err(), Some(RadioError::Off));
    fake.say(&AdapterEvent::Power(true));
    sleep(Duration::from_millis(10)).await;
    assert!(radio.scan().await.is_ok());
    assert_eq!(fake.record().opened, 1);
    assert_eq!(radio.state().permission, Permission::Granted);
}

#[tokio::test(start_paused = true)]
async fn a_prompt_that_was_refused_is_told_as_not_permitted() {
    let fake = Fake::new();
    fake.script(|script| script.on = None);
    let radio = fake.radio(Policy::APPLE);
    assert_eq!(radio.scan().await.err(), Some(RadioError::NotPermitted));
    assert_eq!(radio.state().permission, Permission::Denied);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_restored_after_the_power_was_off() {
    let fake = Fake::new();
    let radio = fake.radio(Policy::APPLE);
    let link = radio.connect(lock(), DEADLINE).await.expect("a link");
    // The system drops every peripheral and what waits for it.
    fake.cut();
    fake.forget();
    fake.say(&AdapterEvent::Power(false));
    assert_eq!(link.next().await, LinkEvent::Lost);
    fake.say(&AdapterEvent::Power(true));
    sleep(Duration::from_millis(10)).await;
    let again = radio.connect(lock(), DEADLINE).await.expect("a link");
    assert_eq!(again.subscribe().await, Ok(()));
    assert_eq!(fake.record().connects, [1, 2], "another object");
}

#[tokio::test(start_paused = true)]
async fn a_notification_taken_for_the_answer_of_a_read_is_not_believed() {
    let fake = Fake::new();
    fake.script(|script| {
        script.mtu = 103;
        // What a notification of a hello looks like at this MTU: cut at 100 bytes.
        script.hellos = vec![vec![1; 100], vec![1; 152]];
    });
    let radio = fake.radio(Policy::APPLE);
    let link = radio.connect(lock(), DEADLINE).await.expect("a link");
    assert_eq!(link.read_hello().await, Ok(vec![1; 152]));
}
