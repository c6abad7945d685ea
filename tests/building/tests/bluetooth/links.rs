//! Links without a conversation on them: what the radio sees of the real stack.

use crate::House;
use crate::machine::{Peer, turn};
use core::time::Duration;
use keyway_app::ports::{Link, LinkEvent, PeripheralId, Radio as _, RadioError};
use keyway_platform::radio::bluetooth::BluetoothRadio;
use tokio::runtime::Runtime;
use tokio::time::timeout;

/// Nothing on a link takes longer, however busy the computer.
const LIMIT: Duration = Duration::from_secs(60);

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
}

/// Scans for one peer by the address that its name ends in, and connects.
async fn connected(radio: &BluetoothRadio, peer: &Peer<'_>) -> Box<dyn Link> {
    let ours = peer.address.replace(':', "_");
    let mut scan = radio.scan().await.expect("a scan");
    let id: PeripheralId = timeout(LIMIT, async {
        loop {
            let sighting = scan.next().await.expect("it goes on");
            if sighting.id.0.contains(&ours) {
                return sighting.id;
            }
        }
    })
    .await
    .expect("it is heard");
    drop(scan);
    for _ in 0..4 {
        if let Ok(link) = radio.connect(id.clone(), Duration::from_secs(9)).await {
            return link;
        }
    }
    unreachable!("it does not take a connection")
}

/// Reads until the lock has a hello ready.
async fn hello(link: &dyn Link) -> Vec<u8> {
    let whole = async {
        loop {
            let value = link.read_hello().await.expect("a value");
            if !value.is_empty() {
                return value;
            }
        }
    };
    let value = timeout(LIMIT, whole).await.expect("a hello");
    assert_eq!(value.len(), 152);
    value
}

async fn down(link: &dyn Link) -> Option<Vec<u8>> {
    loop {
        match timeout(Duration::from_secs(5), link.next()).await.ok()? {
            LinkEvent::Down(value) => return Some(value),
            LinkEvent::Hello(_) => {}
            LinkEvent::Lost => return None,
        }
    }
}

#[test]
#[ignore = "needs a virtual machine: cargo xtask test --layer bluetooth"]
fn frames_of_every_size_arrive_whole_and_none_that_is_too_long() {
    let turn = turn();
    let runtime = runtime();
    for (mtu, most) in [(23, 20), (185, 182), (247, 244), (517, 512)] {
        let peer = turn.echo(mtu);
        runtime.block_on(async {
            let radio = BluetoothRadio::new(runtime.handle().clone());
            let link = connected(&radio, &peer).await;
            assert_eq!(link.mtu(), mtu);
            assert_eq!(link.read_hello().await.map(|hello| hello.len()), Ok(152));
            link.subscribe().await.expect("subscribed");
            for size in [1, most / 2, most] {
                let mut frame = vec![7; size];
                frame[0] = 1;
                link.write(frame.clone()).await.expect("taken");
                assert_eq!(down(link.as_ref()).await, Some(frame), "{size} at {mtu}");
            }
            assert_eq!(
                link.write(vec![0; most + 1]).await,
                Err(RadioError::Refused)
            );
            link.close().await;
        });
    }
}

#[test]
#[ignore = "needs a virtual machine: cargo xtask test --layer bluetooth"]
fn writes_in_a_window_arrive_once_and_in_order_and_a_burst_is_never_doubled() {
    const FRAMES: u32 = 500;
    let turn = turn();
    let runtime = runtime();
    let peer = turn.echo(23);
    runtime.block_on(async {
        let radio = BluetoothRadio::new(runtime.handle().clone());
        let link = connected(&radio, &peer).await;
        link.subscribe().await.expect("subscribed");
        for _ in 0..FRAMES {
            link.write(vec![0; 20]).await.expect("taken");
        }
        link.write(vec![3]).await.expect("taken");
        let counted = down(link.as_ref()).await.expect("an answer");
        let frames = u32::from_be_bytes(counted[1..5].try_into().expect("4 bytes"));
        assert_eq!(frames, FRAMES, "each write once");

        let mut order = vec![2];
        order.extend(FRAMES.to_be_bytes());
        order.extend(20_u16.to_be_bytes());
        link.write(order).await.expect("taken");
        let mut numbers = Vec::new();
        while let Some(value) = down(link.as_ref()).await {
            let number = u32::from_be_bytes(value[1..5].try_into().expect("4 bytes"));
            numbers.push(number);
            if number + 1 == FRAMES {
                break;
            }
        }
        // The kernel drops what finds no room in a socket: losses are the protocol's to mend, a double or a turn would be a fault of ours.
        assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
        println!(
            "a burst of {FRAMES} notifications at MTU 23: {} heard",
            numbers.len()
        );
        assert!(numbers.len() > 100);
    });
}

#[test]
#[ignore = "needs a virtual machine: cargo xtask test --layer bluetooth"]
fn a_link_that_is_opened_early_outlives_its_hello_and_is_given_another() {
    let turn = turn();
    let runtime = runtime();
    let house = House::new(1, 0);
    let peer = house.mount(&turn, 0, 517);
    runtime.block_on(async {
        let radio = BluetoothRadio::new(runtime.handle().clone());
        let link = connected(&radio, &peer).await;
        link.subscribe().await.expect("subscribed");
        let first = hello(link.as_ref()).await;
        // Longer than a hello lives, shorter than a lock's patience with who does not say who they are.
        let lost = timeout(Duration::from_secs(12), async {
            while link.next().await != LinkEvent::Lost {}
        });
        assert!(lost.await.is_err(), "the lock keeps a link that waits");
        let second = hello(link.as_ref()).await;
        assert_ne!(first, second, "and makes a new hello");
        link.close().await;
    });
}

#[test]
#[ignore = "needs a virtual machine: cargo xtask test --layer bluetooth"]
fn a_loss_is_told_and_the_same_radio_connects_again() {
    let turn = turn();
    let runtime = runtime();
    let peer = turn.echo(517);
    runtime.block_on(async {
        let radio = BluetoothRadio::new(runtime.handle().clone());
        for _ in 0..3 {
            let link = connected(&radio, &peer).await;
            link.subscribe().await.expect("subscribed");
            peer.cut();
            let end = timeout(LIMIT, async {
                while link.next().await != LinkEvent::Lost {}
            });
            end.await.expect("the loss is told");
            assert_eq!(link.write(vec![1]).await, Err(RadioError::Lost));
        }
    });
}
