//! Which of the people let in a resident means.

use super::named;
use crate::failure::Failure;
use crate::view;
use keyway_app::service::{DoorId, Person, PersonId};

/// By id, by e-mail address or telephone number, by whole name, or by the only name that begins like that. Of several, the only one who has
/// access to `door`: a code for another door makes nobody ambiguous here.
pub(crate) fn person<'a>(
    people: &'a [Person],
    said: &str,
    door: DoorId,
) -> Result<&'a Person, Failure> {
    if let Some(id) = PersonId::parse(&said.to_ascii_lowercase()) {
        let found = people.iter().find(|person| person.id == id);
        return found.ok_or(Failure::PersonUnknown);
    }
    let reached = |person: &&Person| {
        view::address(&person.recipient).to_lowercase() == said.trim().to_lowercase()
    };
    let mut found: Vec<_> = people.iter().filter(reached).collect();
    if found.is_empty() {
        found = named(people, said, |person| person.name.clone());
    }
    let there = |person: &&Person| person.accesses.iter().any(|access| access.door == door);
    match found.as_slice() {
        [] => Err(Failure::PersonUnknown),
        [person] => Ok(person),
        several => match several.iter().copied().filter(there).collect::<Vec<_>>()[..] {
            [person] => Ok(person),
            _ => Err(Failure::SeveralPeople(
                several.iter().map(|person| listed(person)).collect(),
            )),
        },
    }
}

fn listed(person: &Person) -> String {
    format!(
        "{} ({}, {})",
        person.name,
        view::address(&person.recipient),
        person.id
    )
}

#[cfg(test)]
mod tests {
    use super::person;
    use crate::failure::Failure;
    use crate::samples;
    use keyway_app::service::{Person, Recipient};

    fn people() -> Vec<Person> {
        let at = |door| vec![samples::access(door)];
        vec![
            samples::person("Bo Lee", "bo@b.test", 1, at(1)),
            samples::person("Bo Lee", "lee@b.test", 2, at(2)),
            samples::person("Bob", "bob@b.test", 3, at(1)),
            Person {
                recipient: Recipient::Phone("+1 555 0100".to_owned()),
                ..samples::person("Cleo", "", 4, at(1))
            },
        ]
    }

    #[test]
    fn a_person_is_found_by_id_address_name_or_unique_beginning() {
        let people = people();
        let door = samples::door("Front", 1).id;
        let chosen = |said: &str| person(&people, said, door).map(|person| person.id);
        assert_eq!(chosen(&people[2].id.to_string()), Ok(people[2].id));
        assert_eq!(chosen("LEE@b.test"), Ok(people[1].id));
        assert_eq!(chosen("+1 555 0100"), Ok(people[3].id));
        assert_eq!(chosen("bob"), Ok(people[2].id));
        assert_eq!(chosen("cl"), Ok(people[3].id));
        for said in ["dora", "", "00000000-0000-0000-0000-000000000000"] {
            assert_eq!(chosen(said), Err(Failure::PersonUnknown), "{said}");
        }
    }

    #[test]
    fn of_two_namesakes_it_is_the_one_who_has_access_there() {
        let people = people();
        let at = |said: &str, door| {
            let door = samples::door("A door", door).id;
            person(&people, said, door).map(|person| person.id)
        };
        assert_eq!(at("Bo Lee", 1), Ok(people[0].id));
        assert_eq!(at("Bo Lee", 2), Ok(people[1].id));
        let several = at("bo", 1);
        assert!(matches!(several, Err(Failure::SeveralPeople(names)) if names.len() == 3));
        assert!(matches!(at("Bo Lee", 3), Err(Failure::SeveralPeople(_))));
    }
}
