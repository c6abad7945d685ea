//! Signing out, in the order that sign-out.md fixes: (a) marker, (b) stop and next generation, (c) receipts and (d) the service beside (e) keys,
//! (f) items and files, (g) empty core, (h) read back, (i) marker cleared. Killed at any step, the next start runs it again from the marker.

use super::session::Session;
use super::start::ticket_from;
use super::state::{Effect, Event, State, WhosePhone};
use super::wipe::Findings;
use super::{Account, Cause, PlaceResult, Remains, ServerEnd, SessionHandle, SignOutReport};
use crate::context::within;
use crate::courier;
use crate::error::{Error, Fault};
use crate::log;
use crate::ports::{HttpError, HttpRequest, UnixMillis};
use crate::secret::SecretString;
use crate::service::{Authorization, Call, Tokens, oauth};
use crate::vault::Item;
use core::time::Duration;
use futures_channel::oneshot;
use futures_util::future::join;

/// Each of (c) and (d) may take so long. They run beside the wipe and never hold it up.
const TELL_LIMIT: Duration = Duration::from_secs(3);
/// Making requests ready while the keys are still there.
const PREPARE_LIMIT: Duration = Duration::from_millis(500);
/// Journeys see the session's end at their next wait; one that does not within this is reported.
const JOURNEY_LIMIT: Duration = Duration::from_secs(1);

/// What (c) and (d) work on, as copies in memory.
struct ToTell {
    uploads: Vec<HttpRequest>,
    /// Uploads that could not even be made ready.
    unready: u32,
    ticket: Option<SecretString>,
    had_session: bool,
    ends_at: Option<UnixMillis>,
}

/// What became of them.
struct Told {
    server: ServerEnd,
    /// The ticket has done its work, or the service does not know it: it is of no more use.
    ticket_spent: bool,
    undelivered: u32,
}

impl Account {
    /// See [`crate::App::sign_out`].
    pub(crate) async fn sign_out(&self) -> Result<SignOutReport, Fault> {
        match self.handle(Event::SignOutAsked)? {
            Effect::Wipe(cause) => Ok(self.wipe(cause).await),
            _ => Err(Error::Internal.into()),
        }
    }

    /// The last wipe's report: also of one that nobody asked for, because time was up or the service ended the session.
    pub(crate) fn last_report(&self) -> Option<SignOutReport> {
        self.machine().last_report.clone()
    }

    /// An open wipe comes before anything else.
    pub(super) async fn finish_open_wipe_first(&self) -> Result<(), Fault> {
        if self.machine().state != State::WipePending {
            return Ok(());
        }
        let Effect::Wipe(cause) = self.handle(Event::WipeAgain)? else {
            return Ok(());
        };
        let report = self.wipe(cause).await;
        if self.machine().state == State::SignedOut {
            return Ok(());
        }
        let stuck = |line: &super::PlaceLine| {
            matches!(
                line.result,
                PlaceResult::Remains(Remains::KeychainRefused | Remains::KeychainSilent)
            )
        };
        match report {
            report if report.places.iter().any(stuck) => Err(Fault::KeychainErase),
            report if matches!(report.server, ServerEnd::NotTold { .. }) => {
                Err(Error::ServiceUnreachable.into())
            }
            _ => Err(Error::FolderUnavailable.into()),
        }
    }

    /// Steps (a) to (i). The state is `SigningOut` already: nobody begins anything.
    pub(super) async fn wipe(&self, cause: Cause) -> SignOutReport {
        let keeps = self.keeps_something(cause);
        let marked = !keeps || self.mark(true).await; // (a)
        let uploads = self.uploads().await;
        let (session, gone) = {
            let mut machine = self.machine();
            (machine.session.take(), machine.gone.take())
        };
        self.0.vault.advance(); // (b)
        let to_tell = self.prepare(session.as_deref(), uploads).await;
        drop(session);
        let had_session = to_tell.had_session;
        let local = async {
            let mut findings = self.erase_and_read_back().await; // (e) (f) (h)
            findings.had_session = had_session;
            findings.journeys_ended = self.journeys_ended(gone).await;
            findings
        };
        let (mut findings, told) = join(local, self.tell(to_tell, cause)).await; // (c) (d) beside
        self.0.client.forget(); // (g)
        if told.ticket_spent {
            self.erase_ticket(&mut findings.keychain).await;
        }
        // What is kept for another try keeps the marker too.
        let retry = !findings.is_empty() || !told.ticket_spent && findings.ticket_kept();
        let unmarked = !keeps || !retry && self.mark(false).await; // (i)
        self.conclude(&findings, &told, marked && unmarked, retry)
    }

    fn conclude(
        &self,
        findings: &Findings,
        told: &Told,
        unmarked: bool,
        retry: bool,
    ) -> SignOutReport {
        let report = SignOutReport::of(findings, told.server, told.undelivered, unmarked);
        log::report(&report);
        let mut machine = self.machine();
        machine.last_report = Some(report.clone());
        let event = if retry {
            Event::WipeLeft
        } else {
            machine.phone = None;
            Event::WipeDone {
                complete: report.complete,
            }
        };
        drop(machine);
        // Only this task can leave `SigningOut`, so the machine cannot refuse.
        let _ = self.handle(event);
        report
    }

    /// Does this phone keep anything on disk? A borrowed one does not, and gets no marker either.
    fn keeps_something(&self, cause: Cause) -> bool {
        match self.machine().phone {
            Some(phone) => phone == WhosePhone::Own,
            None => cause == Cause::Resumed,
        }
    }

    /// What waits for the service, copied before the generation ends.
    async fn uploads(&self) -> Vec<Call> {
        let session = self.machine().session.clone();
        let Some(session) = session else {
            return Vec::new();
        };
        let handle = SessionHandle::new(self.clone(), session);
        let taking = courier::take_uploads(&self.0.vault, &handle);
        within(&self.0.ports, PREPARE_LIMIT, taking)
            .await
            .unwrap_or_default()
    }

    /// Signs what (c) sends while the keys are still there, and finds the ticket for (d).
    async fn prepare(&self, session: Option<&Session>, uploads: Vec<Call>) -> ToTell {
        let now = self.clock().elapsed();
        let token = match session {
            Some(session) if !uploads.is_empty() => self.access_to_part_with(session, now).await,
            Some(_) | None => None,
        };
        let all = u32::try_from(uploads.len()).unwrap_or(u32::MAX);
        let mut ready = Vec::new();
        if let Some(token) = &token {
            let signing = async {
                for call in &uploads {
                    let authorization = Authorization::Token(token);
                    if let Ok(request) = self.0.client.prepare(call, authorization).await {
                        ready.push(request);
                    }
                }
            };
            // What was not signed in time is carried again by another phone: the lock keeps it until the service has it.
            let _ = within(&self.0.ports, PREPARE_LIMIT, signing).await;
        }
        let in_memory = session.and_then(|session| session.ticket.clone());
        let ticket = match in_memory.or_else(|| self.machine().abandoned_ticket.take()) {
            Some(ticket) => Some(ticket),
            None => self.stored_ticket().await,
        };
        ToTell {
            unready: all - u32::try_from(ready.len()).unwrap_or(all),
            uploads: ready,
            had_session: session.is_some() || ticket.is_some(),
            ticket,
            ends_at: session.and_then(Session::ends_at),
        }
    }

    /// The access token for what is handed over, if the service answers at once. The contact brings its newest nonce too: without that, what is
    /// signed now would be refused when it arrives.
    async fn access_to_part_with(&self, session: &Session, now: Duration) -> Option<SecretString> {
        let client = &self.0.client;
        let contact = async {
            if let Some(token) = session.access_now(now) {
                let call = Call::get("/v1/time");
                let answer = client.send(&call, Authorization::Token(&token)).await;
                return answer.ok().map(|_| token);
            }
            // Lapsed, and renewed for this alone: the session is over.
            let call = oauth::refresh(&session.refresh_token());
            let answer = client.send(&call, Authorization::Proof).await.ok()?;
            Some(Tokens::parse(&answer).ok()?.access)
        };
        within(&self.0.ports, PREPARE_LIMIT, contact).await?
    }

    async fn stored_ticket(&self) -> Option<SecretString> {
        let reading = self.0.vault.item(Item::LogoutTicket);
        let item = within(&self.0.ports, PREPARE_LIMIT * 4, reading).await?;
        ticket_from(&item.ok()??)
    }

    /// (c) and (d). Everything in `what` is wiped when this ends.
    async fn tell(&self, what: ToTell, cause: Cause) -> Told {
        let sent = within(&self.0.ports, TELL_LIMIT, self.hand_over(what.uploads));
        let undelivered = what.unready + sent.await.unwrap_or(0);
        // A sign-in may be under way: wait until it has noticed, and see what it left. A broken one called us and holds its place.
        if cause != Cause::BrokenSignIn {
            let noticed = within(&self.0.ports, TELL_LIMIT, self.0.signing_in.lock()).await;
            if noticed.is_none() {
                let server = ServerEnd::NotTold { ends_at: None };
                return Told {
                    server,
                    ticket_spent: false,
                    undelivered,
                };
            }
        }
        let overtaken = self.machine().abandoned_ticket.take();
        let not_told = ServerEnd::NotTold {
            ends_at: what.ends_at,
        };
        let (server, ticket_spent) = match what.ticket.or(overtaken) {
            Some(ticket) => match self.end_session(&ticket).await {
                Ok(()) => (ServerEnd::Ended, true),
                Err(Fault::Problem(problem)) if matches!(problem.status, 400 | 404) => {
                    let ended_before = cause == Cause::EndedByService;
                    let server = if ended_before {
                        ServerEnd::EndedByService
                    } else {
                        not_told
                    };
                    (server, true)
                }
                Err(_) => (not_told, false),
            },
            None if what.had_session => (not_told, true),
            None => (ServerEnd::NoSession, true),
        };
        Told {
            server,
            ticket_spent,
            undelivered,
        }
    }

    /// How many were not handed over.
    async fn hand_over(&self, uploads: Vec<HttpRequest>) -> u32 {
        let mut undelivered = 0;
        for upload in uploads {
            if self.0.client.exchange(upload).await.is_err() {
                undelivered += 1;
            }
        }
        undelivered
    }

    /// Problem 400 or 404: the ticket is damaged, or not this service's. Anything else may be tried again.
    async fn end_session(&self, ticket: &SecretString) -> Result<(), Fault> {
        let call = oauth::end_session(ticket);
        let sending = self.0.client.send(&call, Authorization::None);
        match within(&self.0.ports, TELL_LIMIT, sending).await {
            Some(answer) => answer.map(drop),
            None => Err(HttpError::TimedOut.into()),
        }
    }

    /// Have all journeys of the session let go of it?
    pub(super) async fn journeys_ended(&self, gone: Option<oneshot::Receiver<()>>) -> bool {
        match gone {
            Some(gone) => within(&self.0.ports, JOURNEY_LIMIT, gone).await.is_some(),
            None => true,
        }
    }
}
