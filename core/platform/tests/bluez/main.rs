//! The radio on unmodified btleplug, against a daemon of our own in `BlueZ`'s place. `cargo xtask test --layer bluez` gives it a bus of its own.
//!
//! The daemon is a model: what the real one does is `tests/bluetooth`'s subject.
#![cfg(all(target_os = "linux", feature = "bluetooth"))]
#![expect(
    clippy::expect_used,
    reason = "a fixture that cannot be made fails the test"
)]

mod daemon;
mod objects;

use core::time::Duration;
use daemon::Daemon;
use keyway_app::ports::{Link, LinkEvent, PeripheralId, Power, Radio, RadioError, conformance};
use keyway_platform::radio::bluetooth::BluetoothRadio;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::runtime::Handle;
use tokio::time::timeout;

/// Nothing here takes longer, unless it hangs.
const LIMIT: Duration = Duration::from_secs(20);
const DEADLINE: Duration = Duration::from_secs(4);

/// There is one name `org.bluez` on the bus: one test at a time has it.
static BUS: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    BUS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs `test` with a daemon and a radio of its own.
fn with_daemon(mtu: u16, test: impl AsyncFnOnce(Daemon, BluetoothRadio)) {
    let _alone = alone();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let daemon = Daemon::start(mtu).await;
        let radio = BluetoothRadio::new(Handle::current());
        timeout(LIMIT, test(daemon, radio))
            .await
            .expect("the test ends in time");
    });
}

async fn sighted(radio: &dyn Radio) -> PeripheralId {
    let mut scan = radio.scan().await.expect("a scan");
    scan.next().await.expect("a sighting").id
}

async fn connected(radio: &dyn Radio) -> Box<dyn Link> {
    let id = sighted(radio).await;
    let link = radio.connect(id, DEADLINE).await.expect("a link");
    link.subscribe().await.expect("a subscription");
    link
}

/// The next event that no read of ours caused.
async fn heard(link: &dyn Link) -> LinkEvent {
    timeout(DEADLINE, link.next()).await.expect("an event")
}

#[test]
#[ignore = "needs a bus of its own: cargo xtask test --layer bluez"]
fn the_radio_keeps_its_contract_at_every_mtu() {
    for mtu in [23, 185, 247, 517] {
        with_daemon(mtu, async |daemon, radio| {
            conformance::radio(&radio, &daemon).await;
        });
    }
}

#[test]
#[ignore = "needs a bus of its own: cargo xtask test --layer bluez"]
fn a_lock_is_connected_to_again_after_each_end() {
    with_daemon(517, async |daemon, radio| {
        for round in 0..10 {
            let link = connected(&radio).await;
            match round % 3 {
                0 => link.close().await,
                1 => drop(link),
                _ => {
                    daemon.lose(true).await;
                    assert_eq!(heard(link.as_ref()).await, LinkEvent::Lost);
                }
            }
        }
    });
}

#[test]
#[ignore = "needs a bus of its own: cargo xtask test --layer bluez"]
fn a_loss_that_the_daemon_does_not_tell_is_found() {
    with_daemon(517, async |daemon, radio| {
        let link = connected(&radio).await;
        daemon.lose(false).await;
        assert_eq!(heard(link.as_ref()).await, LinkEvent::Lost);
        assert_eq!(link.write(vec![1]).await, Err(RadioError::Lost));
    });
}

#[test]
#[ignore = "needs a bus of its own: cargo xtask test --layer bluez"]
fn an_adapter_that_is_switched_off_takes_everything_with_it_and_comes_back() {
    with_daemon(517, async |daemon, radio| {
        let link = connected(&radio).await;
        let mut scan = radio.scan().await.expect("a scan");
        daemon.power(false).await;
        assert_eq!(heard(link.as_ref()).await, LinkEvent::Lost);
        let end = loop {
            // What was heard before is told before.
            if let Err(end) = scan.next().await {
                break end;
            }
        };
        assert_eq!(end, RadioError::Off);
        assert_eq!(radio.state().power, Power::Off);
        assert_eq!(radio.scan().await.err(), Some(RadioError::Off));
        daemon.power(true).await;
        // The radio looks by itself when it is asked; a person asks again, too.
        while radio.scan().await.is_err() {
            tokio::task::yield_now().await;
        }
        assert_eq!(radio.state().power, Power::On);
        drop(connected(&radio).await);
    });
}

#[test]
#[ignore = "needs a bus of its own: cargo xtask test --layer bluez"]
fn a_machine_without_an_adapter_says_so_until_one_is_plugged_in() {
    with_daemon(517, async |daemon, radio| {
        daemon.unplug().await;
        assert_eq!(radio.scan().await.err(), Some(RadioError::Unsupported));
        assert_eq!(radio.state().power, Power::Unsupported);
        daemon.plug_in().await;
        drop(connected(&radio).await);
        daemon.unplug().await;
        assert_eq!(radio.scan().await.err(), Some(RadioError::Unsupported));
    });
}

#[test]
#[ignore = "needs a bus of its own: cargo xtask test --layer bluez"]
fn without_the_daemon_there_is_no_radio_and_nothing_hangs() {
    with_daemon(517, async |daemon, radio| {
        daemon.stop().await;
        assert_eq!(radio.scan().await.err(), Some(RadioError::Unsupported));
    });
}

#[test]
#[ignore = "needs a bus of its own: cargo xtask test --layer bluez"]
fn a_daemon_that_does_not_answer_costs_the_deadline_and_no_more() {
    with_daemon(517, async |daemon, radio| {
        let id = sighted(&radio).await;
        daemon.hang(true);
        let hung = radio.connect(id.clone(), Duration::from_millis(300)).await;
        assert_eq!(hung.err(), Some(RadioError::TimedOut));
        daemon.hang(false);
        assert!(radio.connect(id, DEADLINE).await.is_ok());
    });
}
