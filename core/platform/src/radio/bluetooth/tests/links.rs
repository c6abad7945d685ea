//! What holds on every system: deadlines, order, sizes, loss.

use super::fake::Fake;
use super::{DEADLINE, lock, pass};
use crate::radio::bluetooth::policy::Policy;
use crate::radio::bluetooth::stack::{AdapterEvent, Attribute};
use core::time::Duration;
use futures_util::FutureExt as _;
use keyway_app::ports::{Link, LinkEvent, PeripheralId, Power, Radio as _, RadioError};
use tokio::time::{Instant, timeout};

async fn link(fake: &Fake, policy: Policy) -> Box<dyn Link> {
    let opened = fake.radio(policy).connect(lock(), DEADLINE).await;
    opened.expect("a link")
}

#[tokio::test(start_paused = true)]
async fn a_link_reads_subscribes_writes_in_order_and_hears_in_order() {
    let fake = Fake::new();
    let link = link(&fake, Policy::BLUEZ).await;
    assert_eq!(link.mtu(), 517);
    assert_eq!(link.read_hello().await, Ok(vec![1; 152]));
    assert_eq!(link.subscribe().await, Ok(()));
    for byte in 0..40 {
        assert_eq!(link.write(vec![byte]).await, Ok(()));
    }
    for byte in 0..40 {
        fake.notify(Attribute::Down, &[byte]);
    }
    for byte in 0..40 {
        assert_eq!(link.next().await, LinkEvent::Down(vec![byte]));
    }
    link.close().await;
    let record = fake.record();
    let written: Vec<u8> = record.written.iter().flatten().copied().collect();
    assert_eq!(written, (0..40).collect::<Vec<u8>>());
    assert_eq!(record.at_once, Policy::BLUEZ.write_window);
    assert_eq!(record.disconnects, [1], "closed once");
}

#[tokio::test(start_paused = true)]
async fn a_frame_over_what_the_stack_passes_is_refused_before_it_vanishes() {
    for (mtu, most) in [(23, 20), (185, 182), (247, 244), (517, 512)] {
        let fake = Fake::new();
        fake.script(|script| script.mtu = mtu);
        let link = link(&fake, Policy::BLUEZ).await;
        assert_eq!(
            link.write(vec![0; most + 1]).await,
            Err(RadioError::Refused)
        );
        assert_eq!(link.write(vec![0; most]).await, Ok(()));
        link.close().await;
        assert_eq!(fake.record().written.len(), 1, "at MTU {mtu}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_does_not_end_poisons_the_link() {
    let fake = Fake::new();
    fake.script(|script| script.read_hangs = true);
    let link = link(&fake, Policy::BLUEZ).await;
    assert_eq!(link.read_hello().await, Err(RadioError::TimedOut));
    assert_eq!(link.next().await, LinkEvent::Lost);
    assert_eq!(link.write(vec![1]).await, Err(RadioError::Lost));
    assert_eq!(link.subscribe().await, Err(RadioError::Lost));
    pass(Duration::from_secs(1)).await;
    assert_eq!(fake.record().disconnects, [1], "and lets it go");
}

#[tokio::test(start_paused = true)]
async fn a_disconnect_that_hangs_holds_up_the_next_link_for_its_cap_and_no_longer() {
    let fake = Fake::new();
    fake.script(|script| script.disconnect_hangs = true);
    let radio = fake.radio(Policy::BLUEZ);
    drop(radio.connect(lock(), DEADLINE).await);
    let begun = Instant::now();
    let again = radio.connect(lock(), Duration::from_secs(9)).await;
    assert!(again.is_ok());
    let waited = begun.elapsed();
    assert!((3..5).contains(&waited.as_secs()), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn giving_up_a_connect_lets_the_peripheral_go() {
    let fake = Fake::new();
    fake.script(|script| script.connect_hangs = true);
    let radio = fake.radio(Policy::BLUEZ);
    let given_up = timeout(
        Duration::from_millis(100),
        radio.connect(lock(), Duration::from_secs(60)),
    );
    assert!(given_up.await.is_err());
    pass(Duration::from_millis(100)).await;
    assert_eq!(fake.record().disconnects, [1]);
}

#[tokio::test(start_paused = true)]
async fn a_loss_that_nobody_told_is_found() {
    let fake = Fake::new();
    let link = link(&fake, Policy::BLUEZ).await;
    fake.cut();
    let found = timeout(Duration::from_secs(3), link.next()).await;
    assert_eq!(found, Ok(LinkEvent::Lost));
    assert!(link.next().now_or_never().is_none(), "told once");
}

#[tokio::test(start_paused = true)]
async fn a_notice_about_an_earlier_link_does_not_end_this_one() {
    let fake = Fake::new();
    let link = link(&fake, Policy::BLUEZ).await;
    fake.say(&AdapterEvent::Disconnected(lock()));
    pass(Duration::from_millis(100)).await;
    assert_eq!(link.subscribe().await, Ok(()));
    fake.cut();
    fake.say(&AdapterEvent::Disconnected(lock()));
    let told = timeout(Duration::from_millis(100), link.next()).await;
    assert_eq!(told, Ok(LinkEvent::Lost), "at once, not at the next look");
}

#[tokio::test(start_paused = true)]
async fn an_adapter_that_goes_off_takes_links_and_scans_with_it_and_comes_back() {
    let fake = Fake::new();
    let radio = fake.radio(Policy::BLUEZ);
    let link = radio.connect(lock(), DEADLINE).await.expect("a link");
    let mut scan = radio.scan().await.expect("a scan");
    fake.script(|script| script.on = Some(false));
    fake.say(&AdapterEvent::Power(false));
    assert_eq!(link.next().await, LinkEvent::Lost);
    assert_eq!(scan.next().await, Err(RadioError::Off));
    assert_eq!(radio.state().power, Power::Off);
    assert_eq!(radio.scan().await.err(), Some(RadioError::Off));
    fake.script(|script| script.on = Some(true));
    fake.say(&AdapterEvent::Power(true));
    pass(Duration::from_millis(10)).await;
    assert_eq!(radio.state().power, Power::On);
    assert!(radio.connect(lock(), DEADLINE).await.is_ok());
    let _second = radio.scan().await.expect("a scan");
    assert_eq!(
        fake.record().scans.0,
        2,
        "the system's scan did not survive, though the first is still held"
    );
}

#[tokio::test(start_paused = true)]
async fn an_adapter_that_was_not_there_is_found_when_asked_again() {
    let fake = Fake::new();
    fake.script(|script| script.adapter = false);
    let radio = fake.radio(Policy::BLUEZ);
    assert_eq!(radio.scan().await.err(), Some(RadioError::Unsupported));
    assert_eq!(radio.state().power, Power::Unsupported);
    fake.script(|script| script.adapter = true);
    assert!(radio.scan().await.is_ok());
    assert_eq!(radio.state().power, Power::On);
}

#[tokio::test(start_paused = true)]
async fn a_scan_gives_locks_that_were_heard_and_nothing_that_is_only_remembered() {
    let fake = Fake::new();
    let radio = fake.radio(Policy::BLUEZ);
    let mut scan = radio.scan().await.expect("a scan");
    fake.say(&AdapterEvent::Heard(PeripheralId("kettle".to_owned())));
    fake.say(&AdapterEvent::Heard(lock()));
    let sighting = scan.next().await.expect("a sighting");
    assert_eq!(
        (sighting.id, sighting.rssi, sighting.service_data),
        (lock(), -50, vec![1, 2, 3])
    );
    fake.script(|script| script.rssi = None);
    fake.say(&AdapterEvent::Heard(lock()));
    let remembered = timeout(Duration::from_secs(1), scan.next()).await;
    assert!(remembered.is_err());
    drop(scan);
    pass(Duration::from_millis(10)).await;
    assert_eq!(fake.record().scans, (1, 1));
}

#[tokio::test(start_paused = true)]
async fn two_scans_share_the_systems_one() {
    let fake = Fake::new();
    let radio = fake.radio(Policy::BLUEZ);
    let first = radio.scan().await.expect("a scan");
    let mut second = radio.scan().await.expect("a scan");
    drop(first);
    pass(Duration::from_millis(10)).await;
    assert_eq!(fake.record().scans, (1, 0));
    fake.say(&AdapterEvent::Heard(lock()));
    assert!(second.next().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_scan_whose_start_is_not_answered_hears_what_there_is_to_hear() {
    let fake = Fake::new();
    fake.script(|script| script.scan_hangs = true);
    let radio = fake.radio(Policy::BLUEZ);
    let mut scan = radio.scan().await.expect("a scan");
    fake.say(&AdapterEvent::Heard(lock()));
    assert!(scan.next().await.is_ok());
}
