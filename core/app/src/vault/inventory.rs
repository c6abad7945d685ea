//! Everything that Keyway ever stores, in one enum. What is not named here cannot be written: the vault takes these names only.

use crate::account::Place;
use crate::ports::{FileKey, FileName, ItemClass, ItemName, KeyPurpose};
use crate::service::DoorId;
use sha2::{Digest, Sha256};

/// One stored thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stored {
    /// In the phone's keychain.
    Item(Item),
    /// A sealed file in the app's folder.
    File(File),
    /// A key pair of the phone.
    Key(KeyPurpose),
    /// In memory only.
    Memory(Memory),
    /// The empty file that says a wipe is not finished.
    WipeMarker,
}

/// Items in the phone's keychain. Own phone only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Item {
    /// The key that seals every file.
    FileKey,
    /// Refresh token, account and session ids.
    Session,
    /// Can only end this session; outlives the wipe until the service confirms.
    LogoutTicket,
    /// Says that the session is hidden; nothing else stands in it.
    Hidden,
}

/// Sealed files. Own phone only; on a borrowed phone the same names live in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum File {
    /// Ties the keychain to this installation's folder: keychain items outlive an uninstall, files do not.
    Anchor,
    /// The service's answer on doors.
    Doors,
    /// The service's answer on doorcodes.
    Doorcodes,
    /// One door's access record: root chain, descriptor, critical lane, grant.
    Access(DoorId),
    /// One door's bundle on its way to the lock, with the progress of its delivery.
    Bundle(DoorId),
    /// One door's receipts and sealed log on their way to the service.
    Outbox(DoorId),
}

/// Places in memory that hold something of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Memory {
    /// Tokens and logout ticket.
    Tokens,
    /// The file key.
    FileKey,
    /// What a borrowed phone keeps instead of files.
    Borrowed,
    /// What journeys hold: resumption keys, sightings, answers.
    Journeys,
}

impl Item {
    /// Every item.
    pub(crate) const ALL: [Self; 4] = [
        Self::FileKey,
        Self::Session,
        Self::LogoutTicket,
        Self::Hidden,
    ];

    /// The name in the keychain.
    pub(crate) fn name(self) -> ItemName {
        let name = match self {
            Self::FileKey => "file-key",
            Self::Session => "session",
            Self::LogoutTicket => "logout-ticket",
            Self::Hidden => "hidden",
        };
        checked(ItemName::new(name))
    }

    /// The place of an item found in the keychain, by its name. What is none of ours is the keychain's too.
    pub(crate) fn place_of(name: &str) -> Place {
        let item = Self::ALL
            .into_iter()
            .find(|item| item.name().as_str() == name);
        item.map_or(Place::Keychain, |item| Stored::Item(item).place())
    }

    /// A wake in the background (push, passive sync) must reach all of them.
    pub(crate) fn class(self) -> ItemClass {
        match self {
            Self::FileKey | Self::Session | Self::LogoutTicket | Self::Hidden => {
                ItemClass::AfterFirstUnlock
            }
        }
    }
}

impl Memory {
    /// Every place in memory.
    pub(crate) const ALL: [Self; 4] = [Self::Tokens, Self::FileKey, Self::Borrowed, Self::Journeys];
}

impl File {
    /// The kinds, as they begin each file's name.
    pub(crate) const KINDS: [&'static str; 6] =
        ["anchor", "doors", "doorcodes", "access", "bundle", "outbox"];

    /// The kind.
    pub(crate) fn kind(self) -> &'static str {
        let [anchor, doors, doorcodes, access, bundle, outbox] = Self::KINDS;
        match self {
            Self::Anchor => anchor,
            Self::Doors => doors,
            Self::Doorcodes => doorcodes,
            Self::Access(_) => access,
            Self::Bundle(_) => bundle,
            Self::Outbox(_) => outbox,
        }
    }

    /// The place of a file found in the folder, by its name. What is none of ours is a foreign or temporary file.
    pub(crate) fn place_of(name: &str) -> Place {
        if name.contains('.') {
            return Place::TemporaryFiles; // a cut write
        }
        let kind = name.split_once('-').map_or(name, |(kind, _)| kind);
        let any = DoorId::from([0; 16]);
        let file = match Self::KINDS.iter().position(|known| *known == kind) {
            Some(0) => Self::Anchor,
            Some(1) => Self::Doors,
            Some(2) => Self::Doorcodes,
            Some(3) => Self::Access(any),
            Some(4) => Self::Bundle(any),
            Some(5) => Self::Outbox(any),
            _ => return Place::TemporaryFiles,
        };
        Stored::File(file).place()
    }

    /// The door this file belongs to.
    fn door(self) -> Option<DoorId> {
        match self {
            Self::Anchor | Self::Doors | Self::Doorcodes => None,
            Self::Access(door) | Self::Bundle(door) | Self::Outbox(door) => Some(door),
        }
    }

    /// The file's name. A door is named by a tag under the file key, so that a listing of the folder names no door.
    pub(crate) fn name(self, key: &FileKey) -> FileName {
        let kind = self.kind();
        let name = match self.door() {
            None => kind.to_owned(),
            Some(door) => {
                let mut tag = Sha256::new();
                tag.update(b"keyway/1 file name");
                // EXPOSE: hashed into a name that without the key says nothing.
                tag.update(key.expose());
                tag.update(kind.as_bytes());
                tag.update(door.as_bytes());
                let tag: String = tag.finalize()[..16]
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect();
                format!("{kind}-{tag}")
            }
        };
        checked(FileName::new(&name))
    }
}

impl Stored {
    /// The line of the sign-out report that this thing falls under (sign-out.md numbers the places).
    pub(crate) fn place(self) -> Place {
        match self {
            Self::Item(Item::FileKey) => Place::CacheKey,
            Self::Item(Item::Session | Item::LogoutTicket | Item::Hidden) => Place::Keychain,
            Self::File(File::Anchor) => Place::KeychainAfterUninstall,
            Self::File(File::Doors | File::Doorcodes) => Place::CacheFiles,
            Self::File(File::Access(_)) => Place::GrantsAndDescriptors,
            Self::File(File::Bundle(_) | File::Outbox(_)) => Place::CourierStore,
            Self::Key(KeyPurpose::Holder) => Place::HolderKey,
            Self::Key(KeyPurpose::Dpop) => Place::DpopKey,
            Self::Memory(Memory::Tokens | Memory::FileKey | Memory::Borrowed) => Place::CoreMemory,
            Self::Memory(Memory::Journeys) => Place::Resumptions,
            Self::WipeMarker => Place::KilledMidway,
        }
    }
}

#[expect(
    clippy::expect_used,
    reason = "names are literals and hexadecimal tags; a test makes every one of them"
)]
fn checked<T>(name: Option<T>) -> T {
    name.expect("a stored thing's name has the form of one")
}
