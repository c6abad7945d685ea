//! From what the stores answered to the report's lines.

use super::wipe::{Findings, Found};
use super::{Keeper, Place, PlaceLine, PlaceResult, Remains, ServerEnd, SignOutReport};
use crate::ports::{
    FilesError, KeyError, KeyPurpose, KeychainError, ShellAnswer, ShellPlace, ShellRemains,
    WIPE_MARKER,
};
use crate::vault::{File, Item, Memory, Stored};

impl ServerEnd {
    /// There is nothing left to tell the service.
    pub(super) fn is_settled(self) -> bool {
        match self {
            Self::Ended | Self::NoSession | Self::EndedByService => true,
            Self::NotTold { .. } => false,
        }
    }
}

impl Findings {
    /// Read back, nothing is left in the core's own stores, but for the logout ticket. What remains at a place of the shell is reported and does not
    /// keep the wipe open: it could keep a resident from signing in for ever.
    pub(super) fn is_empty(&self) -> bool {
        let ticket = Item::LogoutTicket.name();
        let items = self.keychain.after.as_ref();
        let files = self.files.after.as_ref();
        items.is_ok_and(|names| names.iter().all(|name| name == ticket.as_str()))
            && files.is_ok_and(|names| names.iter().all(|name| name == WIPE_MARKER))
            && self.keys.after.as_ref().is_ok_and(Vec::is_empty)
            && self.journeys_ended
    }

    /// Is the logout ticket still in the keychain?
    pub(super) fn ticket_kept(&self) -> bool {
        let ticket = Item::LogoutTicket.name();
        let items = self.keychain.after.as_ref();
        items.is_ok_and(|names| names.iter().any(|name| name == ticket.as_str()))
    }

    /// The inventory says what lies at a place; the stores said what became of it.
    fn result(&self, place: Place) -> PlaceResult {
        let at_place = |thing: Stored| thing.place() == place;
        if let Some(purpose) = [KeyPurpose::Holder, KeyPurpose::Dpop]
            .into_iter()
            .find(|purpose| at_place(Stored::Key(*purpose)))
        {
            return self.key(purpose);
        }
        if Item::ALL
            .into_iter()
            .any(|item| at_place(Stored::Item(item)))
        {
            return self.items(|name| Item::place_of(name) == place);
        }
        let in_memory = Memory::ALL.into_iter().map(Stored::Memory).any(at_place);
        // Links, scans and timers are held by journeys and end with them.
        if in_memory || matches!(place, Place::BluetoothState | Place::JobsAndAlarms) {
            return self.memory();
        }
        self.files(place)
    }

    fn shell(&self, place: ShellPlace) -> PlaceResult {
        let answered = self.shell.iter().find(|(asked, _)| *asked == place);
        match answered.and_then(|(_, answer)| answer.clone()) {
            Some(ShellAnswer::Gone) => PlaceResult::Gone,
            Some(ShellAnswer::WasEmpty) => PlaceResult::WasEmpty,
            Some(ShellAnswer::NotUsed { guard }) => PlaceResult::NotUsed { guard },
            Some(ShellAnswer::Remains(ShellRemains::Refused)) => {
                PlaceResult::Remains(Remains::ShellRefused)
            }
            Some(ShellAnswer::Remains(ShellRemains::CannotLook)) => {
                PlaceResult::Remains(Remains::ShellCannotLook)
            }
            None => PlaceResult::Remains(Remains::ShellSilent),
        }
    }

    fn memory(&self) -> PlaceResult {
        match (self.had_session, self.journeys_ended) {
            (_, false) => PlaceResult::Remains(Remains::JourneyUnderWay),
            (true, true) => PlaceResult::Gone,
            (false, true) => PlaceResult::WasEmpty,
        }
    }

    fn key(&self, purpose: KeyPurpose) -> PlaceResult {
        let refused = |_: &KeyError| Remains::KeyStoreRefused;
        self.keys
            .result(|key| *key == purpose, refused, Remains::KeyStoreRefused)
    }

    fn items(&self, belongs: impl Fn(&str) -> bool) -> PlaceResult {
        let silent = |error: &KeychainError| match error {
            KeychainError::Unavailable | KeychainError::Locked => Remains::KeychainSilent,
            KeychainError::Refused | KeychainError::Corrupt => Remains::KeychainRefused,
        };
        let only_ticket = self.is_empty() && self.ticket_kept();
        let held = if only_ticket {
            Remains::TicketKept
        } else {
            Remains::KeychainRefused
        };
        self.keychain.result(|name| belongs(name), silent, held)
    }

    fn files(&self, place: Place) -> PlaceResult {
        let refused = |_: &FilesError| Remains::FolderRefused;
        let belongs = |name: &String| name != WIPE_MARKER && File::place_of(name) == place;
        self.files.result(belongs, refused, Remains::FolderRefused)
    }
}

impl<T, E> Found<T, E> {
    fn result(
        &self,
        belongs: impl Fn(&T) -> bool,
        silent: impl Fn(&E) -> Remains,
        held: Remains,
    ) -> PlaceResult {
        match &self.after {
            Err(error) => PlaceResult::Remains(silent(error)),
            Ok(after) if after.iter().any(&belongs) => PlaceResult::Remains(held),
            Ok(_) if self.before.iter().any(belongs) => PlaceResult::Gone,
            Ok(_) => PlaceResult::WasEmpty,
        }
    }
}

impl SignOutReport {
    /// `unmarked`: no marker asks the next start to continue.
    pub(super) fn of(
        findings: &Findings,
        server: ServerEnd,
        undelivered: u32,
        unmarked: bool,
    ) -> Self {
        let mut places: Vec<PlaceLine> = Place::ALL
            .into_iter()
            .map(|place| PlaceLine {
                place,
                result: match place.keeper() {
                    Keeper::Unused { guard } => PlaceResult::NotUsed {
                        guard: guard.into(),
                    },
                    Keeper::Shell(place) => findings.shell(place),
                    Keeper::Service => at_service(server),
                    Keeper::Core if place == Stored::WipeMarker.place() => {
                        marker(findings, unmarked)
                    }
                    Keeper::Core if place == Place::WhatStays => PlaceResult::Gone,
                    Keeper::Core => findings.result(place),
                },
            })
            .collect();
        let open = places
            .iter()
            .any(|line| matches!(line.result, PlaceResult::Remains(_)));
        for line in &mut places {
            if line.place == Place::WhatStays && open {
                line.result = PlaceResult::Remains(Remains::SeeAbove);
            }
        }
        Self {
            complete: !open && server.is_settled(),
            server,
            places,
            undelivered,
        }
    }
}

fn at_service(server: ServerEnd) -> PlaceResult {
    match server {
        ServerEnd::Ended | ServerEnd::EndedByService => PlaceResult::Gone,
        ServerEnd::NoSession => PlaceResult::WasEmpty,
        ServerEnd::NotTold { .. } => PlaceResult::Remains(Remains::ServiceNotTold),
    }
}

fn marker(findings: &Findings, unmarked: bool) -> PlaceResult {
    match (unmarked, findings.had_session) {
        (false, _) => PlaceResult::Remains(Remains::SeeAbove),
        (true, true) => PlaceResult::Gone,
        (true, false) => PlaceResult::WasEmpty,
    }
}
