use super::must;
use crate::ports::{BoxFuture, Link, LinkEvent, PeripheralId, Power, Radio, RadioError};
use core::time::Duration;

/// Longer than any connect that succeeds.
const DEADLINE: Duration = Duration::from_secs(20);
/// Whole, it is longer than a notification at the smallest MTU.
const HELLO: [u8; 152] = [0xa5; 152];
/// What the lock advertises.
pub const ADVERTISED: [u8; 10] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/// The lock's end of the air, as the suite's hand moves it. It advertises [`ADVERTISED`].
pub trait Peer: Send + Sync {
    /// What reading `hello` gives from now on.
    fn set_hello(&self, value: Vec<u8>) -> BoxFuture<'_, ()>;
    /// Notifies on `hello`.
    fn notify_hello(&self, value: Vec<u8>) -> BoxFuture<'_, ()>;
    /// Notifies on `down`.
    fn notify_down(&self, value: Vec<u8>) -> BoxFuture<'_, ()>;
    /// Waits until this many frames were written to `up` since the last call, and gives them.
    fn written(&self, count: usize) -> BoxFuture<'_, Vec<Vec<u8>>>;
    /// Breaks the link.
    fn cut(&self) -> BoxFuture<'_, ()>;
}

/// The contract of [`Radio`], with one lock in reach.
pub async fn radio(port: &dyn Radio, peer: &dyn Peer) {
    let unknown = PeripheralId("a lock that is nowhere".to_owned());
    let refused = port.connect(unknown, Duration::from_secs(2)).await;
    assert!(
        matches!(
            refused.err(),
            Some(RadioError::Refused | RadioError::TimedOut)
        ),
        "a peripheral that is not there gives no link"
    );

    let id = sighted(port).await;
    assert_eq!(port.state().power, Power::On, "a radio that scans is on");
    peer.set_hello(HELLO.to_vec()).await;
    let link = must(
        port.connect(id.clone(), DEADLINE).await,
        "what was sighted is connected to",
    );
    talk(link.as_ref(), peer).await;

    peer.cut().await;
    lost(link.as_ref()).await;
    let write = link.write(vec![1]).await;
    let read = link.read_hello().await;
    assert!(
        write.is_err() && read.is_err(),
        "nothing is done on a lost link"
    );
    drop(link);

    let link = must(
        port.connect(id.clone(), DEADLINE).await,
        "a lost lock is connected to again",
    );
    must(link.subscribe().await, "and subscribed to");
    link.close().await;
    let link = must(
        port.connect(id, DEADLINE).await,
        "a closed link makes room for the next",
    );
    assert_eq!(
        must(link.read_hello().await, "which works").as_slice(),
        HELLO
    );
}

/// Scans until the lock is heard.
async fn sighted(port: &dyn Radio) -> PeripheralId {
    let mut scan = must(port.scan().await, "a radio that is on scans");
    loop {
        let sighting = must(scan.next().await, "a scan goes on");
        if sighting.service_data == ADVERTISED {
            assert!((-127..=20).contains(&sighting.rssi), "a strength is in dBm");
            return sighting.id;
        }
    }
}

async fn talk(link: &dyn Link, peer: &dyn Peer) {
    let mtu = link.mtu();
    assert!((23..=517).contains(&mtu), "an MTU is 23 to 517");
    let most = usize::from(mtu - 3).min(512);
    let hello = must(link.read_hello().await, "a read gives a value");
    assert_eq!(hello.as_slice(), HELLO, "the whole, whatever the MTU");
    must(link.subscribe().await, "a lock is subscribed to");

    let frames: Vec<Vec<u8>> = (0..20).map(|byte| vec![byte; most]).collect();
    for frame in &frames {
        must(link.write(frame.clone()).await, "a frame is taken");
    }
    assert_eq!(
        peer.written(frames.len()).await,
        frames,
        "frames arrive whole and in order"
    );
    assert_eq!(
        link.write(vec![0; most + 1]).await,
        Err(RadioError::Refused),
        "one byte too many is refused, not cut and not lost"
    );

    let said: Vec<Vec<u8>> = (0..20).map(|byte| vec![byte; most]).collect();
    peer.notify_hello(vec![9; most]).await;
    for value in &said {
        peer.notify_down(value.clone()).await;
    }
    let mut heard = Vec::new();
    let mut hello = false;
    while heard.len() < said.len() {
        match link.next().await {
            // A read may be told as a notification too.
            LinkEvent::Hello(value) => hello |= value == vec![9; most],
            LinkEvent::Down(value) => heard.push(value),
            LinkEvent::Lost => must(Err(RadioError::Lost), "the link holds"),
        }
    }
    assert!(hello, "a notification on hello is heard as such");
    assert_eq!(heard, said, "notifications arrive in order");
}

/// Waits for the loss to be told.
async fn lost(link: &dyn Link) {
    while link.next().await != LinkEvent::Lost {}
}
