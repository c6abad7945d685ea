//! Android: initialisation first, one GATT queue, a disconnect behind a pending connect, a client that a lost link leaves open.

use super::fake::{Fake, GIVES_UP};
use super::{DEADLINE, lock};
use crate::radio::bluetooth::BluetoothRadio;
use crate::radio::bluetooth::policy::{Policy, Told};
use crate::radio::bluetooth::stack::AdapterEvent;
use core::time::Duration;
use keyway_app::ports::{Link, LinkEvent, Location, Permission, Power, Radio as _, RadioError};
use tokio::time::{Instant, sleep};

fn fake() -> (Fake, BluetoothRadio) {
    let fake = Fake::new();
    fake.script(|script| {
        script.on = None;
        script.disconnect_queues = true;
    });
    let radio = fake.radio(Policy::ANDROID);
    radio.set_initialised();
    (fake, radio)
}

async fn connect(radio: &BluetoothRadio) -> Result<Box<dyn Link>, RadioError> {
    radio.connect(lock(), DEADLINE).await
}

#[tokio::test(start_paused = true)]
async fn nothing_is_touched_before_the_shell_has_initialised_the_classes() {
    let fake = Fake::new();
    let radio = fake.radio(Policy::ANDROID);
    assert_eq!(radio.scan().await.err(), Some(RadioError::Unsupported));
    assert_eq!(connect(&radio).await.err(), Some(RadioError::Unsupported));
    let _ = radio.state();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(fake.record().opened, 0);
    radio.set_initialised();
    assert!(radio.scan().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_shell_is_believed_about_power_permission_and_location() {
    let (fake, radio) = fake();
    let told = |power, permission, location| Told {
        power: Some(power),
        permission: Some(permission),
        location: Some(location),
    };
    let link = connect(&radio).await.expect("a link");
    radio.tell(told(Power::Off, Permission::Granted, Location::On));
    assert_eq!(link.next().await, LinkEvent::Lost);
    assert_eq!(radio.scan().await.err(), Some(RadioError::Off));
    radio.tell(told(Power::On, Permission::Denied, Location::On));
    assert_eq!(radio.scan().await.err(), Some(RadioError::NotPermitted));
    radio.tell(told(Power::On, Permission::Granted, Location::Off));
    assert_eq!(radio.scan().await.err(), Some(RadioError::LocationOff));
    radio.tell(told(Power::On, Permission::Granted, Location::On));
    let mut scan = radio.scan().await.expect("a scan");
    radio.tell(told(Power::Off, Permission::Granted, Location::On));
    assert_eq!(scan.next().await, Err(RadioError::Off));
    drop(fake);
}

#[tokio::test(start_paused = true)]
async fn one_operation_at_a_time() {
    let (fake, radio) = fake();
    let link = connect(&radio).await.expect("a link");
    for byte in 0..20 {
        assert_eq!(link.write(vec![byte]).await, Ok(()));
    }
    assert_eq!(link.subscribe().await, Ok(()));
    assert_eq!(link.read_hello().await, Ok(vec![1; 152]));
    let record = fake.record();
    assert_eq!((record.at_once, record.written.len()), (1, 20));
}

#[tokio::test(start_paused = true)]
async fn a_connect_that_hangs_is_given_up_with_its_object() {
    let (fake, radio) = fake();
    fake.script(|script| script.connect_hangs = true);
    assert_eq!(connect(&radio).await.err(), Some(RadioError::TimedOut));
    fake.script(|script| script.connect_hangs = false);
    // The disconnect waits behind the connect: the next link waits for neither, and uses another object.
    let begun = Instant::now();
    let link = connect(&radio).await.expect("a link");
    assert!(begun.elapsed() < Duration::from_secs(1));
    assert_eq!(fake.record().connects, [1, 2]);
    assert_eq!(fake.record().disconnects, [1]);
    sleep(GIVES_UP).await;
    assert_eq!(
        link.subscribe().await,
        Ok(()),
        "the late end is not this one's"
    );
}

#[tokio::test(start_paused = true)]
async fn after_a_loss_the_same_object_is_connected_again_so_that_its_client_is_not_leaked() {
    let (fake, radio) = fake();
    for _ in 0..3 {
        let link = connect(&radio).await.expect("a link");
        fake.cut();
        fake.forget();
        fake.say(&AdapterEvent::Disconnected(lock()));
        assert_eq!(link.next().await, LinkEvent::Lost);
        assert_eq!(fake.record().unclosed, [1]);
        drop(link);
    }
    let _link = connect(&radio).await.expect("a link");
    let record = fake.record();
    assert_eq!(record.connects, [1, 1, 1, 1]);
    assert_eq!(record.unclosed, [0_usize; 0]);
}
