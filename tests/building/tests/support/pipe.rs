//! The pipe between a phone's process and a lock's, through a test that counts its bytes and can cut it after any of them.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// A direction, as a phone sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// To the lock.
    Up,
    /// To the phone.
    Down,
}

/// What a phone's first message on a connection says: it wants a link, not a scan.
const CONNECT: u8 = 0x03;

/// See the module's text. Bytes are those of connections that carry a link; scans pass unseen.
#[derive(Clone)]
pub(crate) struct Pipe {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    lock: SocketAddr,
    /// For the next link.
    ordered: Option<(Way, usize)>,
    /// For the newest link.
    cut: Option<(Way, usize)>,
    /// Bytes of the newest link, up and down.
    counted: [usize; 2],
    /// Bytes of the newest link from the phone.
    recorded: Vec<u8>,
    links: usize,
    cuts: usize,
}

impl Pipe {
    /// A pipe to the lock that listens there.
    pub(crate) fn to(lock: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = State {
            lock,
            ordered: None,
            cut: None,
            counted: [0; 2],
            recorded: Vec::new(),
            links: 0,
            cuts: 0,
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
        });
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for phone in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&serving);
                thread::spawn(move || carry(phone, &shared));
            }
        });
        Self { address, shared }
    }

    /// Where phones find the lock.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The lock listens there now.
    pub(crate) fn lead_to(&self, lock: SocketAddr) {
        self.shared.state().lock = lock;
    }

    /// Cuts the next link after so many bytes of one direction, once.
    pub(crate) fn cut(&self, way: Way, after: usize) {
        self.shared.state().ordered = Some((way, after));
    }

    /// Cuts nothing any more.
    pub(crate) fn mend(&self) {
        let mut state = self.shared.state();
        (state.ordered, state.cut) = (None, None);
    }

    /// How many cuts there were.
    pub(crate) fn cuts(&self) -> usize {
        self.shared.state().cuts
    }

    /// Bytes of the newest link, up and down.
    pub(crate) fn counted(&self) -> [usize; 2] {
        self.shared.state().counted
    }

    /// What the phone sent on the newest link.
    pub(crate) fn recorded(&self) -> Vec<u8> {
        self.shared.state().recorded.clone()
    }

    /// Waits for the next cut.
    pub(crate) fn wait_for_cut(&self, before: usize) {
        let state = self.shared.state();
        let waited = self
            .shared
            .changed
            .wait_while(state, |state| state.cuts <= before);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts bytes that are about to pass; how many of them may, and whether the pipe ends there.
    fn pass(&self, link: usize, way: Way, bytes: &[u8]) -> (usize, bool) {
        let mut state = self.state();
        if state.links != link {
            return (bytes.len(), false);
        }
        let index = usize::from(way == Way::Down);
        let before = state.counted[index];
        state.counted[index] += bytes.len();
        if way == Way::Up {
            state.recorded.extend(bytes);
        }
        match state.cut {
            Some((cut, after)) if cut == way && after < before + bytes.len() => {
                state.cut = None;
                state.cuts += 1;
                self.changed.notify_all();
                (after - before, true)
            }
            _ => (bytes.len(), false),
        }
    }
}

/// Carries one connection until either end, or the test, ends it.
fn carry(mut phone: TcpStream, shared: &Arc<Shared>) {
    let mut first = [0; 3];
    if phone.read_exact(&mut first).is_err() {
        return;
    }
    let address = shared.state().lock;
    let Ok(lock) = TcpStream::connect(address) else {
        return;
    };
    let link = if first[2] == CONNECT {
        let mut state = shared.state();
        state.links += 1;
        state.cut = state.ordered.take();
        state.counted = [0; 2];
        state.recorded.clear();
        state.links
    } else {
        0
    };
    let (Ok(phone_too), Ok(lock_too)) = (phone.try_clone(), lock.try_clone()) else {
        return;
    };
    for stream in [&phone, &lock] {
        let _slower = stream.set_nodelay(true);
    }
    let down = Arc::clone(shared);
    let back = thread::spawn(move || pump(lock_too, phone_too, Vec::new(), link, Way::Down, &down));
    pump(phone, lock, first.to_vec(), link, Way::Up, shared);
    let _ended = back.join();
}

fn pump(
    mut from: TcpStream,
    mut to: TcpStream,
    mut bytes: Vec<u8>,
    link: usize,
    way: Way,
    shared: &Shared,
) {
    let mut room = [0; 4096];
    loop {
        let (passing, ends) = shared.pass(link, way, &bytes);
        let carried = to.write_all(&bytes[..passing]).is_ok();
        if ends || !carried {
            break;
        }
        match from.read(&mut room) {
            Ok(read @ 1..) => bytes = room[..read].to_vec(),
            _ => break,
        }
    }
    let _closed = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
