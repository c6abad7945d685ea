//! Requests of an open session. Each is judged as if its grant came now.

use super::keeper::{Intake, Keeper, Operation};
use super::{Env, Node};
use crate::error::{Code, Error};
use crate::io::LinkId;
use crate::session::signed_request;
use crate::wire::frame::LONGEST_MESSAGE;
use crate::wire::message::Command;
use crate::wire::reply::{Condition, Reply, Request};

/// The longest log segment: what fits a message beside its header, padding and tag.
pub const LONGEST_SEGMENT: usize = LONGEST_MESSAGE - 128;

impl<K: Keeper> Node<K> {
    /// Takes an encrypted request.
    pub(super) fn request(&mut self, link: LinkId, noise: &[u8], env: &mut Env<'_>) {
        let Some(session) = self
            .links
            .find(link)
            .and_then(|state| state.session.as_mut())
        else {
            return self.alert(link, Code::BadMessage, env.now);
        };
        session.last_heard = env.now;
        let Some(plaintext) = session.transport.decrypt(noise) else {
            return self.close(link);
        };
        match Request::decode(&plaintext) {
            Ok((0, _)) => self.close(link),
            Err(_) => match Request::unknown(&plaintext) {
                Some(number) => {
                    let error = Code::UnknownCommand.into();
                    self.reply(link, number, &Reply::Refused(error));
                }
                None => self.close(link),
            },
            Ok((number, request)) => {
                if let Err(error) = self.serve(link, number, request, env) {
                    self.reply(link, number, &Reply::Refused(error));
                }
            }
        }
    }

    fn serve(
        &mut self,
        link: LinkId,
        number: u32,
        request: Request,
        env: &mut Env<'_>,
    ) -> Result<(), Error> {
        let session = self
            .links
            .find(link)
            .and_then(|state| state.session.as_ref());
        let held = session
            .map(|session| session.held.clone())
            .ok_or(Code::BadMessage)?;
        self.keeper.judge(&held.grant, operation(&request), env)?;
        let reply = match request {
            Request::Command(command, signature) => {
                match command {
                    Command::Unlock { .. } => {
                        self.check_signed(link, number, &command, signature.as_ref())?;
                    }
                    Command::Status { .. } => {}
                    // It is open already. Without an answer the phone would wait for one.
                    Command::Session => return Err(Code::BadMessage.into()),
                }
                self.prepare(&held, command, env)?;
                self.carry_out(link, number, command);
                return Ok(());
            }
            Request::Manifest(manifest) => match self.keeper.manifest(&manifest, env)? {
                Intake::Missing(bitmap) => Reply::Missing(bitmap),
                Intake::Applied(receipt) => Reply::Receipt(receipt),
            },
            Request::Chunk { index, bytes } => match self.keeper.chunk(index, &bytes, env)? {
                None => Reply::Done,
                Some(receipt) => Reply::Receipt(receipt),
            },
            Request::Receipts => {
                for receipt in self.keeper.receipts() {
                    self.reply(link, number, &Reply::Receipt(receipt));
                }
                Reply::Done
            }
            Request::Log { from } => {
                let part = self.keeper.log_segment(from, LONGEST_SEGMENT, env)?;
                Reply::Log {
                    next: part.next,
                    more: part.more,
                    segment: part.segment,
                }
            }
            Request::TimeNonce => Reply::TimeNonce(self.keeper.time_nonce(env)),
            Request::Attest(attest) => {
                self.keeper.attest(&attest, env)?;
                Reply::Done
            }
            Request::Condition => Reply::Condition(self.condition(env)),
        };
        self.reply(link, number, &reply);
        Ok(())
    }

    /// A later command that moves the bolt is signed by the holder key over this session and a rising number.
    fn check_signed(
        &mut self,
        link: LinkId,
        number: u32,
        command: &Command,
        signature: Option<&[u8; 64]>,
    ) -> Result<(), Error> {
        let session = self
            .links
            .find(link)
            .and_then(|state| state.session.as_mut());
        let session = session.ok_or(Code::BadMessage)?;
        let signature = signature.ok_or(Code::BadMessage)?;
        if number <= session.last_signed {
            return Err(Code::Replay.into());
        }
        let signed = signed_request(&session.transport.hash, number, command);
        if !session.held.holder.verify(&[&signed], signature) {
            return Err(Code::BadMessage.into());
        }
        session.last_signed = number;
        Ok(())
    }

    fn condition(&self, env: &Env<'_>) -> Condition {
        Condition {
            battery_percent: env.body.battery_percent,
            deadbolt_thrown: env.body.deadbolt_thrown,
            uptime: u32::try_from(env.now.0 / 1_000).unwrap_or(u32::MAX),
            clock: self.keeper.standing(env).clock,
            log_entries: self.keeper.log_backlog(),
            motor_moves: self.motor.moves,
        }
    }
}

/// What a request needs of the grant, beyond what its own command is judged for.
const fn operation(request: &Request) -> Operation {
    match request {
        Request::Manifest(_) | Request::Chunk { .. } | Request::Receipts | Request::Log { .. } => {
            Operation::Sync
        }
        Request::Command(..) | Request::TimeNonce | Request::Attest(_) | Request::Condition => {
            Operation::Session
        }
    }
}
