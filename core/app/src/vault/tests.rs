use super::*;
use crate::account::{Keeper, Place};
use crate::ports::KeyPurpose;
use crate::service::DoorId;
use crate::testing::Phone;
use futures_util::future::join;

fn content(text: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(text.as_bytes().to_vec())
}

fn key(byte: u8) -> FileKey {
    FileKey::new([byte; 32])
}

fn door(byte: u8) -> DoorId {
    DoorId::from([byte; 16])
}

fn files() -> Vec<File> {
    let any = door(1);
    vec![
        File::Anchor,
        File::Doors,
        File::Doorcodes,
        File::Access(any),
        File::Bundle(any),
        File::Outbox(any),
    ]
}

/// An own phone's vault, open under `key(1)`.
fn opened(phone: &Phone) -> (Vault, Generation) {
    let vault = Vault::new(&phone.ports);
    let generation = vault.advance();
    vault.open(generation, Some(key(1))).unwrap();
    (vault, generation)
}

#[test]
fn every_stored_thing_has_a_name_and_a_place_that_the_core_keeps() {
    let names: Vec<String> = files()
        .iter()
        .map(|file| file.name(&key(1)).as_str().to_owned())
        .collect();
    for (file, name) in files().iter().zip(&names) {
        assert_eq!(File::place_of(name), Stored::File(*file).place());
    }
    assert_eq!(File::place_of("doors.0a.part"), Place::TemporaryFiles);
    assert_eq!(File::place_of("holiday.jpg"), Place::TemporaryFiles);
    let kinds: Vec<&str> = files().iter().map(|file| file.kind()).collect();
    assert_eq!(kinds, File::KINDS);

    let items = Item::ALL.map(Stored::Item);
    let keys = [KeyPurpose::Holder, KeyPurpose::Dpop].map(Stored::Key);
    let memory = Memory::ALL.map(Stored::Memory);
    let stored = files().into_iter().map(Stored::File);
    for thing in stored
        .chain(items)
        .chain(keys)
        .chain(memory)
        .chain([Stored::WipeMarker])
    {
        assert_eq!(thing.place().keeper(), Keeper::Core, "{thing:?}");
    }
}

#[test]
fn a_listing_of_the_folder_names_no_door_and_changes_with_the_key() {
    let name = |door, key: &FileKey| File::Access(door).name(key).as_str().to_owned();
    assert!(!name(door(0xab), &key(1)).contains("abab"));
    assert_ne!(name(door(1), &key(1)), name(door(2), &key(1)));
    assert_ne!(name(door(1), &key(1)), name(door(1), &key(2)));
}

#[test]
fn what_is_written_is_read_in_the_same_generation_only() {
    let phone = Phone::new();
    let (vault, generation) = opened(&phone);
    let writing = vault.write(generation, File::Doors, content("one"));
    phone.run(writing).unwrap().unwrap();
    let read = phone.run(vault.read(generation, File::Doors)).unwrap();
    assert_eq!(read, Ok(Some(content("one"))));
    let next = vault.advance();
    let late = phone.run(vault.read(generation, File::Doors)).unwrap();
    assert_eq!(late, Err(Fault::Stale));
    let unopened = vault.write(next, File::Doors, content("two"));
    assert_eq!(phone.run(unopened).unwrap(), Err(Fault::Stale));
    assert_eq!(vault.open(generation, None), Err(Fault::Stale));
}

#[test]
fn a_write_that_was_under_way_when_the_generation_ended_undoes_itself() {
    let phone = Phone::new();
    let (vault, generation) = opened(&phone);
    let writing = vault.write(generation, File::Doors, content("late"));
    // Polled after the write has reached the folder and before it has answered.
    let ending = async {
        vault.advance();
    };
    let (written, ()) = phone.run(join(writing, ending)).unwrap();
    assert_eq!(written, Err(Fault::Stale));
    assert!(phone.stores.content().ever_written.contains("doors"));
    assert!(phone.stores.is_empty());
    assert_eq!(phone.notices.all(), [Notice::StaleWriteDropped]);
}

#[test]
fn a_cache_of_another_format_is_fetched_again_but_the_anchor_outlives_it() {
    let phone = Phone::new();
    let (vault, generation) = opened(&phone);
    for file in [File::Doors, File::Anchor] {
        let writing = vault.write(generation, file, content("x"));
        phone.run(writing).unwrap().unwrap();
    }
    for (_, bytes) in phone.stores.content().files.values_mut() {
        bytes[1] += 1;
    }
    let doors = phone.run(vault.read(generation, File::Doors)).unwrap();
    assert_eq!(doors, Ok(None));
    let anchor = phone.run(vault.read(generation, File::Anchor)).unwrap();
    assert!(anchor.unwrap().is_some());
}

#[test]
fn a_file_of_another_key_is_fetched_again() {
    let phone = Phone::new();
    let (vault, generation) = opened(&phone);
    let writing = vault.write(generation, File::Doors, content("x"));
    phone.run(writing).unwrap().unwrap();
    let next = vault.advance();
    vault.open(next, Some(key(2))).unwrap();
    assert_eq!(phone.run(vault.read(next, File::Doors)).unwrap(), Ok(None));
}

#[test]
fn a_store_that_does_not_answer_costs_five_seconds_and_no_more() {
    let phone = Phone::new();
    let vault = Vault::new(&phone.ports);
    phone.stores.content().keychain_is_silent = true;
    let read = phone.run(vault.item(Item::Session)).unwrap();
    assert_eq!(read, Err(Fault::Keychain(KeychainError::Unavailable)));
    assert_eq!(phone.clock.now(), STORE_DEADLINE);
}

#[test]
fn whoever_waits_for_the_end_of_a_generation_is_woken() {
    let phone = Phone::new();
    let (vault, generation) = opened(&phone);
    let ended = vault.ended(generation);
    let ending = async {
        vault.advance();
    };
    phone.run(join(ended, ending)).unwrap();
    // Asked too late, it answers at once.
    phone.run(vault.ended(generation)).unwrap();
}
