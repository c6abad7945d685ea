//! What the air does to frames, by behaviour.

use keyway_air::{Air, Cut, Delivery, Direction, Fate, Link, Signal, ToLock, ToPhone};

fn write(tag: u8) -> Signal {
    Signal::ToLock(ToLock::Write(vec![tag; 10]))
}

fn notify(tag: u8) -> Signal {
    Signal::ToPhone(ToPhone::NotifyDown(vec![tag; 10]))
}

fn drain(link: &mut Link, now: u64) -> Vec<Delivery> {
    core::iter::from_fn(|| link.receive(now)).collect()
}

#[test]
fn frames_arrive_at_connection_events_in_order_and_not_earlier() {
    let mut link = Link::new(1, Air::default(), 7, 1_000);
    link.send(write(1), 1_005);
    link.send(write(2), 1_010);
    link.send(notify(3), 1_029);
    assert_eq!(link.next_event(), Some(1_030));
    assert!(drain(&mut link, 1_029).is_empty());
    let arrived = drain(&mut link, 1_030);
    let expected = [
        Delivery::ToLock(ToLock::Write(vec![1; 10])),
        Delivery::ToLock(ToLock::Write(vec![2; 10])),
        Delivery::ToPhone(ToPhone::NotifyDown(vec![3; 10])),
    ];
    assert_eq!(arrived, expected);
    assert_eq!(link.next_event(), None);
}

#[test]
fn one_event_carries_a_limited_number_of_frames() {
    let mut link = Link::new(
        1,
        Air {
            frames_per_event: 2,
            ..Air::default()
        },
        7,
        0,
    );
    (0..5).for_each(|tag| link.send(write(tag), 1));
    let counts: Vec<usize> = [30, 60, 90, 120]
        .map(|now| drain(&mut link, now).len())
        .into();
    assert_eq!(counts, [2, 2, 1, 0]);
}

#[test]
fn without_an_interval_a_frame_arrives_at_once() {
    let mut link = Link::new(
        1,
        Air {
            interval: 0,
            ..Air::default()
        },
        7,
        50,
    );
    (0..20).for_each(|tag| link.send(write(tag), 50));
    assert_eq!(drain(&mut link, 50).len(), 20);
}

#[test]
fn drops_and_doubles_come_at_their_rates_and_again_with_the_same_seed() {
    let air = Air {
        drop: 0.2,
        double: 0.1,
        interval: 0,
        ..Air::default()
    };
    let run = |seed| {
        let mut link = Link::new(1, air, seed, 0);
        (0..2_000).for_each(|_| link.send(write(1), 0));
        let fates: Vec<Fate> = link.take_trace().iter().map(|line| line.fate).collect();
        (fates, drain(&mut link, 0).len())
    };
    let (fates, arrived) = run(3);
    let count = |fate| fates.iter().filter(|f| **f == fate).count();
    assert!(
        (320..480).contains(&count(Fate::Dropped)),
        "{}",
        count(Fate::Dropped)
    );
    assert!(
        (110..210).contains(&count(Fate::Doubled)),
        "{}",
        count(Fate::Doubled)
    );
    assert_eq!(arrived, 2_000 - count(Fate::Dropped) + count(Fate::Doubled));
    assert_eq!(run(3), (fates.clone(), arrived));
    assert_ne!(run(4).0, fates);
}

#[test]
fn reads_and_subscriptions_are_never_dropped() {
    let mut link = Link::new(
        1,
        Air {
            drop: 1.0,
            interval: 0,
            ..Air::default()
        },
        7,
        0,
    );
    link.send(Signal::ToLock(ToLock::ReadHello), 0);
    link.send(Signal::ToPhone(ToPhone::HelloValue(vec![1])), 0);
    link.send(Signal::ToLock(ToLock::Subscribe), 0);
    link.send(write(1), 0);
    assert_eq!(drain(&mut link, 0).len(), 3);
}

#[test]
fn the_link_breaks_at_any_byte_in_either_direction_and_says_so_once() {
    for after in 0..40 {
        for direction in [Direction::ToLock, Direction::ToPhone] {
            let cut = Some(Cut { direction, after });
            let mut link = Link::new(
                1,
                Air {
                    cut,
                    interval: 0,
                    ..Air::default()
                },
                7,
                0,
            );
            let mut arrived = Vec::new();
            for tag in 0..4 {
                link.send(write(tag), 0);
                arrived.extend(drain(&mut link, 0));
                link.send(notify(tag), 0);
                arrived.extend(drain(&mut link, 0));
            }
            let whole = |wanted: Direction| {
                let is = |delivery: &&Delivery| match delivery {
                    Delivery::ToLock(_) => wanted == Direction::ToLock,
                    Delivery::ToPhone(_) => wanted == Direction::ToPhone,
                    Delivery::Lost => false,
                };
                arrived.iter().filter(is).count()
            };
            assert_eq!(whole(direction), after / 10, "cut after {after}");
            assert_eq!(arrived.last(), Some(&Delivery::Lost));
            assert_eq!(arrived.iter().filter(|d| **d == Delivery::Lost).count(), 1);
            assert!(link.is_lost() && link.next_event().is_none());
        }
    }
}

#[test]
fn what_is_on_its_way_goes_down_with_the_link() {
    let mut link = Link::new(1, Air::default(), 7, 0);
    link.send(write(1), 1);
    link.lose(2);
    link.send(write(2), 3);
    assert_eq!(drain(&mut link, 1_000), [Delivery::Lost]);
}

#[test]
fn every_frame_leaves_one_trace_line_in_the_order_sent() {
    let mut link = Link::new(9, Air::default(), 7, 0);
    link.send(Signal::ToLock(ToLock::Connect { mtu: 100 }), 0);
    link.send(Signal::ToPhone(ToPhone::Connected { mtu: 100 }), 0);
    link.send(write(0xab), 4);
    let lines: Vec<String> = link
        .take_trace()
        .iter()
        .map(|line| line.to_json())
        .collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(
        lines[2],
        r#"{"at":4,"link":9,"direction":"to-lock","operation":"write","fate":"carried","bytes":10,"hex":"abababababababababab"}"#
    );
    assert_eq!(link.mtu(23), 23);
    assert_eq!(link.mtu(517), 517);
}
