//! Drives one conversation over one link: every wait has a deadline, can be stopped, and a link that fails once is not used again.

use super::wait::within;
use crate::attempt::{Stop, Stopper};
use crate::log;
use crate::ports::{
    BoxFuture, EntropyError, KeyError, KeyPurpose, Link, LinkEvent, Ports, Signature,
};
use core::time::Duration;
use futures_util::future::{Either, pending, select};
use keyway_protocol::crypto::Secret32;
use keyway_protocol::error::Failure;
use keyway_protocol::io::Millis;
use keyway_protocol::phone::{
    Certainty, Conversation, ConversationConfig, Credentials, Ending, Event, Input, Intent, Output,
    Resumption, Task,
};
use std::collections::VecDeque;
use std::sync::Arc;
use zeroize::Zeroize as _;

/// A disconnect may take this; then the link is dropped, which disconnects too.
pub(crate) const CLOSE_LIMIT: Duration = Duration::from_secs(2);
/// One GATT operation may take this. What takes longer is dead, whatever the system says.
const OPERATION_LIMIT: Duration = Duration::from_secs(5);
/// A resident may look at the phone's prompt for this long.
const PROMPT_LIMIT: Duration = Duration::from_secs(60);
/// No wait is longer, also when the conversation names no time of its own.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Why a conversation is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DriveEnd {
    /// The link is gone, or an operation on it did not end in time.
    Lost,
    /// The journey was told to stop.
    Stopped(Stop),
    /// The phone's key did not sign.
    Key(KeyError),
    /// The conversation ended by itself.
    Ended(Ending),
    /// The random source failed.
    Entropy(EntropyError),
    /// We used the protocol wrongly: a fault of the app.
    Misuse(Failure),
}

impl From<Stop> for DriveEnd {
    fn from(why: Stop) -> Self {
        Self::Stopped(why)
    }
}

/// What one conversation is about.
pub(crate) struct Opening {
    /// What the phone holds for the door.
    pub(crate) credentials: Credentials,
    /// A slot from an earlier conversation.
    pub(crate) resumption: Option<Resumption>,
    /// Why we connect.
    pub(crate) intent: Intent,
}

/// One link and the conversation on it.
pub(crate) struct Driver {
    ports: Ports,
    stopper: Stopper,
    link: Arc<dyn Link>,
    conversation: Option<Conversation>,
    /// Kept across waits: dropping a pending `next` could lose a notification.
    incoming: BoxFuture<'static, LinkEvent>,
    signing: Option<Signing>,
    /// Told while the journey was busy beside the link.
    told: VecDeque<Event>,
}

struct Signing {
    answer: BoxFuture<'static, Result<Signature, KeyError>>,
    until: Duration,
}

enum Woke {
    Heard(LinkEvent),
    Signed(Result<Signature, KeyError>),
    Time,
}

impl Driver {
    /// Takes over a fresh link. Nothing is said on it yet.
    pub(crate) fn new(ports: Ports, stopper: Stopper, link: Box<dyn Link>) -> Self {
        let link: Arc<dyn Link> = Arc::from(link);
        Self {
            ports,
            stopper,
            incoming: hear(Arc::clone(&link)),
            link,
            conversation: None,
            signing: None,
            told: VecDeque::new(),
        }
    }

    /// Subscribes and begins the conversation.
    pub(crate) async fn open(&mut self, opening: Opening) -> Result<(), DriveEnd> {
        let subscribed = within(&*self.ports.clock, OPERATION_LIMIT, self.link.subscribe());
        match self.stopper.guard(subscribed).await? {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return Err(DriveEnd::Lost),
        }
        let mut seed = [0; 32];
        self.ports
            .entropy
            .fill(&mut seed)
            .map_err(DriveEnd::Entropy)?;
        let config = ConversationConfig {
            credentials: opening.credentials,
            mtu: self.link.mtu(),
            resumption: opening.resumption,
            seed: Secret32::new(seed),
        };
        seed.zeroize();
        log::linked(self.link.mtu());
        let now = self.now();
        self.conversation = Some(Conversation::new(config, opening.intent, now));
        Ok(())
    }

    /// What is known of the bolt, right at any time; `None` before the conversation.
    pub(crate) fn certainty(&self) -> Option<Certainty> {
        self.conversation.as_ref().map(Conversation::certainty)
    }

    /// From now on this stops it: what follows an outcome outlives the attempt.
    pub(crate) fn obey(&mut self, stopper: &Stopper) {
        self.stopper = stopper.clone();
    }

    /// Asks for one thing more in the session.
    pub(crate) fn give(&mut self, task: Task) -> Result<(), DriveEnd> {
        self.input(Input::Do(task))
    }

    /// Runs until the conversation tells something.
    pub(crate) async fn next(&mut self) -> Result<Event, DriveEnd> {
        if let Some(event) = self.told.pop_front() {
            return Ok(event);
        }
        let driven = self.drive().await;
        if let Err(why) = &driven {
            log::link_ended(why);
        }
        driven
    }

    /// Keeps the conversation going while `work` runs beside it, such as a call to the service. What is told meanwhile is kept for
    /// [`Driver::next`].
    pub(crate) async fn beside<T>(&mut self, work: impl Future<Output = T>) -> Result<T, DriveEnd> {
        let mut work = core::pin::pin!(work);
        loop {
            let event = {
                // Dropping `drive` is harmless: an unwritten frame is repeated by the framing, a read is asked for again.
                let driving = core::pin::pin!(self.drive());
                match select(work.as_mut(), driving).await {
                    Either::Left((done, _)) => return Ok(done),
                    Either::Right((event, _)) => event?,
                }
            };
            self.told.push_back(event);
        }
    }

    async fn drive(&mut self) -> Result<Event, DriveEnd> {
        loop {
            let now = self.now();
            let Some(conversation) = &mut self.conversation else {
                return Err(DriveEnd::Lost);
            };
            match conversation.poll_output(now) {
                Output::ReadHello => self.read_hello().await?,
                Output::WriteUp(frame) => self.write(frame).await?,
                Output::NeedSignature(bytes) => {
                    self.signing = Some(Signing {
                        answer: self.ports.keys.sign(KeyPurpose::Holder, bytes),
                        until: self.ports.clock.elapsed() + PROMPT_LIMIT,
                    });
                }
                Output::Event(Event::Ended(ending)) => return Err(DriveEnd::Ended(ending)),
                Output::Event(event) => return Ok(event),
                Output::Wait(until) => self.wait(until).await?,
            }
        }
    }

    /// Disconnects, for at most [`CLOSE_LIMIT`]. Not stopped by anything: it is what a stop leads to.
    pub(crate) async fn close(self) {
        drop(self.signing);
        let _ = within(&*self.ports.clock, CLOSE_LIMIT, self.link.close()).await;
    }

    async fn read_hello(&mut self) -> Result<(), DriveEnd> {
        let reading = within(&*self.ports.clock, OPERATION_LIMIT, self.link.read_hello());
        match self.stopper.guard(reading).await? {
            Ok(Ok(hello)) => self.input(Input::HelloRead(&hello)),
            Ok(Err(_)) | Err(_) => Err(DriveEnd::Lost),
        }
    }

    async fn write(&mut self, frame: Vec<u8>) -> Result<(), DriveEnd> {
        log::frame("up", frame.len());
        let writing = within(&*self.ports.clock, OPERATION_LIMIT, self.link.write(frame));
        match self.stopper.guard(writing).await? {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(DriveEnd::Lost),
        }
    }

    async fn wait(&mut self, until: Option<Millis>) -> Result<(), DriveEnd> {
        let woke = {
            let pause = self.pause(until);
            let sleep = self.ports.clock.sleep(pause);
            let Self {
                incoming, signing, ..
            } = self;
            let signed = core::pin::pin!(async {
                match signing {
                    Some(signing) => (&mut signing.answer).await,
                    None => pending().await,
                }
            });
            let told = select(incoming, signed);
            match self.stopper.guard(select(told, sleep)).await? {
                Either::Left((Either::Left((event, _)), _)) => Woke::Heard(event),
                Either::Left((Either::Right((answer, _)), _)) => Woke::Signed(answer),
                Either::Right(_) => Woke::Time,
            }
        };
        match woke {
            Woke::Heard(event) => self.heard(&event),
            Woke::Signed(answer) => {
                self.signing = None;
                self.input(Input::Signed(answer.map_err(DriveEnd::Key)?))
            }
            Woke::Time => self.time_passed(),
        }
    }

    fn heard(&mut self, event: &LinkEvent) -> Result<(), DriveEnd> {
        self.incoming = hear(Arc::clone(&self.link));
        match event {
            LinkEvent::Hello(bytes) => {
                log::frame("hello", bytes.len());
                self.input(Input::HelloFrame(bytes))
            }
            LinkEvent::Down(bytes) => {
                log::frame("down", bytes.len());
                self.input(Input::DownFrame(bytes))
            }
            LinkEvent::Lost => Err(DriveEnd::Lost),
        }
    }

    fn time_passed(&mut self) -> Result<(), DriveEnd> {
        let now = self.ports.clock.elapsed();
        if self.signing.as_ref().is_some_and(|s| s.until <= now) {
            // A prompt that nobody answers is a prompt declined.
            return Err(DriveEnd::Key(KeyError::Cancelled));
        }
        self.input(Input::Tick)
    }

    fn pause(&self, until: Option<Millis>) -> Duration {
        let now = self.ports.clock.elapsed();
        let named = until.map(|at| Duration::from_millis(at.0).saturating_sub(now));
        let prompt = self.signing.as_ref().map(|s| s.until.saturating_sub(now));
        // A conversation counts whole milliseconds: waking within one would spin.
        [named.map(|n| n.max(Duration::from_millis(1))), prompt]
            .into_iter()
            .flatten()
            .fold(LONGEST_WAIT, Duration::min)
    }

    fn input(&mut self, input: Input<'_>) -> Result<(), DriveEnd> {
        let now = self.now();
        let conversation = self.conversation.as_mut().ok_or(DriveEnd::Lost)?;
        conversation
            .handle_input(input, now)
            .map_err(DriveEnd::Misuse)
    }

    fn now(&self) -> Millis {
        let elapsed = self.ports.clock.elapsed().as_millis();
        Millis(u64::try_from(elapsed).unwrap_or(u64::MAX))
    }
}

fn hear(link: Arc<dyn Link>) -> BoxFuture<'static, LinkEvent> {
    Box::pin(async move { link.next().await })
}
