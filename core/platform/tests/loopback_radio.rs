//! The loopback radio against a scripted lock on a real socket.
#![cfg(feature = "loopback")]
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot be made fails the test"
)]

use core::time::Duration;
use keyway_app::ports::{Link, LinkEvent, Power, Radio, RadioError};
use keyway_platform::radio::loopback::{LoopbackRadio, Peer};
use keyway_platform::radio::pipe::{Decoder, Message, ToLock, ToPhone};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;

const DEADLINE: Duration = Duration::from_secs(5);

async fn listener() -> (TcpListener, LoopbackRadio, Peer) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let peer = Peer::new(listener.local_addr().unwrap());
    (
        listener,
        LoopbackRadio::new(Handle::current(), vec![peer]),
        peer,
    )
}

/// The lock's end of one pipe.
struct Lock {
    stream: TcpStream,
    decoder: Decoder,
    ready: Vec<ToLock>,
}

impl Lock {
    async fn accept(listener: &TcpListener) -> Self {
        let (stream, _) = listener.accept().await.unwrap();
        Self {
            stream,
            decoder: Decoder::new(),
            ready: Vec::new(),
        }
    }

    async fn expect(&mut self, wanted: ToLock) {
        while self.ready.is_empty() {
            let mut buffer = [0; 100];
            let count = self.stream.read(&mut buffer).await.unwrap();
            assert_ne!(count, 0, "the phone hung up before {wanted:?}");
            self.ready = self.decoder.push(&buffer[..count]).unwrap();
        }
        assert_eq!(self.ready.remove(0), wanted);
    }

    async fn say(&mut self, message: ToPhone) {
        self.stream.write_all(&message.encode()).await.unwrap();
    }
}

async fn open_link() -> (Lock, Box<dyn Link>) {
    let (listener, radio, peer) = listener().await;
    let lock = async {
        let mut lock = Lock::accept(&listener).await;
        lock.expect(ToLock::Connect { mtu: 517 }).await;
        lock.say(ToPhone::Connected { mtu: 185 }).await;
        lock
    };
    let (lock, link) = tokio::join!(lock, radio.connect(peer.id(), DEADLINE));
    (lock, link.unwrap())
}

#[tokio::test]
async fn a_scan_gives_what_the_lock_advertises_under_the_id_to_connect_to() {
    let (listener, radio, peer) = listener().await;
    let mut scan = radio.scan().await.unwrap();
    let mut lock = Lock::accept(&listener).await;
    lock.expect(ToLock::Scan).await;
    lock.say(ToPhone::Advertisement {
        rssi: -70,
        service_data: vec![1, 2],
    })
    .await;
    let sighting = scan.next().await.unwrap();
    assert_eq!(
        (sighting.id, sighting.rssi, sighting.service_data),
        (peer.id(), -70, vec![1, 2])
    );
}

#[tokio::test]
async fn dropping_a_scan_stops_it() {
    let (listener, radio, _) = listener().await;
    let scan = radio.scan().await.unwrap();
    let mut lock = Lock::accept(&listener).await;
    lock.expect(ToLock::Scan).await;
    drop(scan);
    assert_eq!(lock.stream.read(&mut [0; 1]).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn a_link_reads_subscribes_writes_and_hears() {
    let (mut lock, link) = open_link().await;
    assert_eq!(link.mtu(), 185);
    let script = async {
        lock.expect(ToLock::ReadHello).await;
        lock.say(ToPhone::NotifyHello(vec![0])).await;
        lock.say(ToPhone::HelloValue(vec![1; 200])).await;
        lock.expect(ToLock::Subscribe).await;
        lock.say(ToPhone::Subscribed).await;
        lock.expect(ToLock::Write(vec![2; 182])).await;
        lock.say(ToPhone::NotifyDown(vec![3])).await;
        lock
    };
    let phone = async {
        assert_eq!(link.read_hello().await, Ok(vec![1; 200]));
        assert_eq!(link.subscribe().await, Ok(()));
        assert_eq!(link.write(vec![2; 183]).await, Err(RadioError::Refused));
        assert_eq!(link.write(vec![2; 182]).await, Ok(()));
        assert_eq!(link.next().await, LinkEvent::Hello(vec![0]));
        assert_eq!(link.next().await, LinkEvent::Down(vec![3]));
    };
    tokio::join!(script, phone);
}

#[tokio::test]
async fn a_lost_pipe_is_told_once_and_fails_what_waits() {
    let (lock, link) = open_link().await;
    let wait = link.read_hello();
    drop(lock);
    assert_eq!(wait.await, Err(RadioError::Lost));
    assert_eq!(link.next().await, LinkEvent::Lost);
    let silence = core::pin::pin!(link.next());
    let first = futures_poll(silence);
    assert!(first.is_pending());
}

fn futures_poll<F: Future>(future: core::pin::Pin<&mut F>) -> core::task::Poll<F::Output> {
    future.poll(&mut core::task::Context::from_waker(
        core::task::Waker::noop(),
    ))
}

#[tokio::test]
async fn a_message_cut_in_its_middle_is_a_loss_and_never_half_a_notification() {
    let (mut lock, link) = open_link().await;
    let whole = ToPhone::NotifyDown(vec![5; 40]).encode();
    lock.stream.write_all(&whole[..20]).await.unwrap();
    drop(lock);
    assert_eq!(link.next().await, LinkEvent::Lost);
}

#[tokio::test]
async fn closing_and_dropping_both_hang_up() {
    let (mut lock, link) = open_link().await;
    link.close().await;
    lock.expect(ToLock::Disconnect).await;
    let (mut lock, link) = open_link().await;
    drop(link);
    assert_eq!(lock.stream.read(&mut [0; 1]).await.unwrap_or(0), 0);
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_never_answers_costs_the_deadline_and_no_more() {
    let (_listener, radio, peer) = listener().await;
    let answer = radio.connect(peer.id(), Duration::from_secs(20)).await;
    assert_eq!(answer.err(), Some(RadioError::TimedOut));
}

#[tokio::test]
async fn a_radio_that_is_off_says_so() {
    let (_listener, radio, peer) = listener().await;
    let mut state = radio.state();
    state.power = Power::Off;
    radio.set_state(state);
    assert_eq!(radio.scan().await.err(), Some(RadioError::Off));
    assert_eq!(
        radio.connect(peer.id(), DEADLINE).await.err(),
        Some(RadioError::Off)
    );
}
