//! The receiving end of the real messengers: a relay and a gateway that keep what they are given, to be looked at. For this machine only.
mod mail;
mod mime;
mod text;

use super::OutgoingMessage;
use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

pub use mail::MailSink;
pub use text::TextSink;

/// So many messages are kept; an older one makes room.
const KEPT: usize = 100;
/// The longest silence of a client.
const SILENCE: Duration = Duration::from_secs(5);
/// The longest conversation, bytes.
const CONVERSATION: u64 = 1024 * 1024;

/// Who is told of each message as it arrives.
type Told = Box<dyn Fn(&OutgoingMessage) + Send + Sync>;

/// The newest messages, oldest first.
struct Shelf {
    kept: Mutex<VecDeque<OutgoingMessage>>,
    told: Told,
}

impl Shelf {
    fn put(&self, message: OutgoingMessage) {
        (self.told)(&message);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(message);
    }

    fn messages(&self) -> Vec<OutgoingMessage> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().cloned().collect()
    }
}

/// What one kind of sink says to its clients.
type Conversation = fn(&mut Client, &Shelf) -> std::io::Result<()>;

/// A thread that has one conversation after the other, until dropped.
struct Sink {
    address: SocketAddr,
    shelf: Arc<Shelf>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Sink {
    fn listen(
        listener: TcpListener,
        conversation: Conversation,
        told: Told,
    ) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let shelf = Arc::new(Shelf {
            kept: Mutex::default(),
            told,
        });
        let stop = Arc::new(AtomicBool::new(false));
        let thread = std::thread::Builder::new().name("sink".into()).spawn({
            let (shelf, stop) = (Arc::clone(&shelf), Arc::clone(&stop));
            move || {
                for stream in listener.incoming() {
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                    // A client that went away is the client's own affair.
                    if let Ok(mut client) = stream.and_then(Client::new) {
                        drop(conversation(&mut client, &shelf));
                    }
                }
            }
        })?;
        Ok(Self {
            address,
            shelf,
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the thread if it waits for a client; if it has one, that one ends at its limits.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// The other side of one conversation.
struct Client {
    reader: BufReader<std::io::Take<TcpStream>>,
    writer: TcpStream,
}

impl Client {
    fn new(stream: TcpStream) -> std::io::Result<Self> {
        stream.set_read_timeout(Some(SILENCE))?;
        stream.set_write_timeout(Some(SILENCE))?;
        Ok(Self {
            reader: BufReader::new(stream.try_clone()?.take(CONVERSATION)),
            writer: stream,
        })
    }

    /// The next line without its end; `None` when there is no more.
    fn line(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        if self.reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        while line.last().is_some_and(|end| matches!(end, b'\r' | b'\n')) {
            line.pop();
        }
        Ok(Some(line))
    }

    fn exactly(&mut self, length: usize) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let wanted = u64::try_from(length).unwrap_or(u64::MAX);
        (&mut self.reader).take(wanted).read_to_end(&mut bytes)?;
        if bytes.len() == length {
            Ok(bytes)
        } else {
            Err(std::io::ErrorKind::UnexpectedEof.into())
        }
    }
}
