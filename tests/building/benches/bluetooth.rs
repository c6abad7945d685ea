//! What an unlock and a sync cost on a link, beside what that link costs by itself and what others' flows cost on it: `cargo xtask bench bluetooth`.
//!
//! All on one adapter in one run; medians. The air is virtual and takes no time: the figures compare, they predict no real link.
//!
//! Flows are replayed as sizes, message by message, each message cut as its text says and each answered before the next, with commands and notifications
//! where they use requests and indications, which cost an operation more each:
//! * Tesla: "Vehicle Command Protocol Specification" (`pkg/protocol/protocol.md` of vehicle-command) and its `universal_message.proto`: session info asked
//!   for with the phone's key, then the authenticated command; a length of 2 bytes before each.
//! * Nuki: "Smart Lock API", sections message format and command usage examples: challenge asked for, then the lock action; values of 20 bytes.
//! * August: no text of the maker's; the flow of the public module augustctl: two exchanges of keys, then the command; packets of 18 bytes.
//!
//! Tesla's and August's sizes are estimates: they were not yet checked against those texts, and requests are replayed as commands, in their favour.
#![expect(clippy::expect_used, reason = "a bench that cannot measure ends")]
#![expect(clippy::print_stdout, reason = "the table is what it is run for")]

#[path = "../tests/bluetooth/machine.rs"]
#[expect(dead_code, reason = "nothing is broken here")]
mod machine;
#[path = "../tests/support/mod.rs"]
mod support;

use core::time::Duration;
use keyway_app::ports::{Link, LinkEvent, PeripheralId, Radio as _};
use keyway_platform::radio::bluetooth::BluetoothRadio;
use machine::{Counts, Peer, Turn, turn};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;
use support::{Phone, Stage};
use tokio::runtime::Runtime;
use tokio::time::timeout;

#[expect(clippy::disallowed_methods, reason = "a bench has a clock")]
fn now() -> Instant {
    Instant::now()
}

/// Measurements of each kind.
const TIMES: usize = 30;
/// Nothing takes longer.
const LIMIT: Duration = Duration::from_secs(60);
/// Residents with a code at each door, for a bundle worth measuring.
const NEIGHBOURS: usize = 24;
/// Bytes of a raw transfer.
const RAW: usize = 20 * 512;

/// One message there and its answer, bytes.
type Exchange = (usize, usize);
/// A flow: whose, the largest value it puts into one operation, its exchanges.
const FLOWS: [(&str, usize, &[Exchange]); 3] = [
    ("tesla", 512, &[(115, 179), (182, 92)]),
    ("nuki", 20, &[(56, 86), (92, 55)]),
    ("august", 18, &[(18, 18), (18, 18), (18, 18)]),
];

fn main() {
    // Cargo's own arguments are of no interest: there is one thing to do.
    let turn = turn();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let mut report = json!({ "times": TIMES });
    {
        let echo = turn.echo(517);
        let line = Line::open(&runtime, &echo);
        report["floor"] = line.floor();
        report["raw"] = line.raw();
        for (name, value, exchanges) in FLOWS {
            report[name] = line.flow(value, exchanges);
        }
    }
    report["unlock"] = unlocks(&turn);
    report["sync"] = syncs(&turn);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bench");
    std::fs::create_dir_all(&folder).expect("a folder");
    let text = serde_json::to_string_pretty(&report).expect("JSON");
    std::fs::write(folder.join("bluetooth.json"), &text).expect("written");
    print(&report);
}

/// A radio and where the echo is.
struct Line<'a> {
    runtime: &'a Runtime,
    radio: BluetoothRadio,
    id: PeripheralId,
    peer: &'a Peer<'a>,
}

impl<'a> Line<'a> {
    fn open(runtime: &'a Runtime, peer: &'a Peer<'a>) -> Self {
        let radio = BluetoothRadio::new(runtime.handle().clone());
        let ours = peer.address.replace(':', "_");
        let id = runtime.block_on(async {
            let mut scan = radio.scan().await.expect("a scan");
            loop {
                let sighting = timeout(LIMIT, scan.next()).await.expect("it is heard");
                let id = sighting.expect("it goes on").id;
                if id.0.contains(&ours) {
                    return id;
                }
            }
        });
        Self {
            runtime,
            radio,
            id,
            peer,
        }
    }

    async fn link(&self) -> Box<dyn Link> {
        let link = self.radio.connect(self.id.clone(), LIMIT).await;
        let link = link.expect("a link");
        link.subscribe().await.expect("subscribed");
        link
    }

    /// Connect, discover, subscribe, one write, one notification.
    fn floor(&self) -> Value {
        let mut took = Vec::new();
        let mut counted = Vec::new();
        for _ in 0..TIMES {
            self.peer.counts();
            self.runtime.block_on(async {
                let begun = now();
                let link = self.link().await;
                link.write(vec![1]).await.expect("taken");
                down(link.as_ref()).await;
                took.push(milliseconds(begun));
                link.close().await;
            });
            counted.push(self.peer.counts());
        }
        cost(took, &counted)
    }

    /// Writes without response as fast as they go.
    fn raw(&self) -> Value {
        let mut speeds = Vec::new();
        self.runtime.block_on(async {
            let link = self.link().await;
            // What was counted before counts no more.
            link.write(vec![3]).await.expect("taken");
            down(link.as_ref()).await;
            for _ in 0..TIMES {
                let begun = now();
                for _ in 0..RAW / 512 {
                    link.write(vec![0; 512]).await.expect("taken");
                }
                link.write(vec![3]).await.expect("taken");
                let counted = down(link.as_ref()).await;
                let arrived = u32::from_be_bytes(counted[5..9].try_into().expect("4 bytes"));
                assert_eq!(usize::try_from(arrived), Ok(RAW), "all of it arrived");
                speeds.push(speed(RAW, begun));
            }
            link.close().await;
        });
        json!({ "kilobytes_a_second": median(speeds) })
    }

    /// Another lock's flow, from the connect to the answer that its motor starts with.
    fn flow(&self, value: usize, exchanges: &[Exchange]) -> Value {
        let mut took = Vec::new();
        let mut counted = Vec::new();
        for _ in 0..TIMES {
            self.peer.counts();
            self.runtime.block_on(async {
                let begun = now();
                let link = self.link().await;
                for (there, back) in exchanges {
                    exchange(link.as_ref(), value, *there, *back).await;
                }
                took.push(milliseconds(begun));
                link.close().await;
            });
            counted.push(self.peer.counts());
        }
        cost(took, &counted)
    }
}

/// One message in values of `value` bytes, and its answer in as many as it takes.
async fn exchange(link: &dyn Link, value: usize, there: usize, back: usize) {
    let times = back.div_ceil(value);
    // The last value orders the answer; what came before it is only carried.
    let last = match there % value {
        0 => value,
        rest => rest,
    };
    for _ in 1..there.div_ceil(value) {
        link.write(vec![0; value]).await.expect("taken");
    }
    let mut order = vec![2];
    order.extend(u32::try_from(times).expect("few").to_be_bytes());
    order.extend(u16::try_from(back / times).expect("few").to_be_bytes());
    order.resize(order.len().max(last), 0);
    link.write(order).await.expect("taken");
    for _ in 0..times {
        down(link).await;
    }
}

async fn down(link: &dyn Link) -> Vec<u8> {
    loop {
        match timeout(LIMIT, link.next()).await.expect("an answer") {
            LinkEvent::Down(value) => return value,
            LinkEvent::Hello(_) => {}
            LinkEvent::Lost => unreachable!("the link holds"),
        }
    }
}

/// First and resumed unlocks by a phone's process, from the connect to the motor.
fn unlocks(turn: &Turn) -> Value {
    let stage = Stage::new(517, 1);
    let peer = turn.lock(&stage.locks[0], 517);
    let mut phone = stage.bluetooth_phone("phone");
    phone.order(&json!({ "do": "doors" }));
    let door = stage.locks[0].door.clone();
    // The first of all sets the lock up, and has the peripheral's name from then on.
    one_unlock(&mut phone, &door, &peer);
    let mut kinds = [
        ("first", Vec::new(), Vec::new()),
        ("resumed", Vec::new(), Vec::new()),
    ];
    for _ in 0..TIMES {
        phone.order(&json!({ "do": "lock-screen" }));
        for (_, took, counted) in &mut kinds {
            let (milliseconds, counts) = one_unlock(&mut phone, &door, &peer);
            took.push(milliseconds);
            counted.push(counts);
        }
    }
    let mut report = json!({});
    for (name, took, counted) in kinds {
        report[name] = cost(took, &counted);
    }
    report
}

fn one_unlock(phone: &mut Phone, door: &str, peer: &Peer<'_>) -> (f64, Counts) {
    // The link before is closed, and the system has come to rest.
    peer.rests();
    phone.begin(&json!({ "do": "unlock", "door": door }));
    let mut begun = now();
    let mut took = f64::NAN;
    loop {
        let said = phone.hear();
        match said["said"].as_str() {
            Some("phase") if said["phase"] == "connecting" => begun = now(),
            // The lock has accepted: its motor runs.
            Some("phase") if said["phase"] == "unlocking" => took = milliseconds(begun),
            Some("phase") => {}
            Some("unlocked") => return (took, peer.counts()),
            _ => unreachable!("not unlocked: {said}"),
        }
    }
}

/// Syncs of locks that know nothing yet: bytes of bundle a second, while it is sent.
fn syncs(turn: &Turn) -> Value {
    let stage = Stage::with_neighbours(517, TIMES, NEIGHBOURS);
    let mut phone = stage.bluetooth_phone("phone");
    phone.order(&json!({ "do": "doors" }));
    let mut speeds = Vec::new();
    let mut size = 0;
    for lock in &stage.locks {
        let peer = turn.lock(lock, 517);
        phone.begin(&json!({ "do": "sync", "door": lock.door }));
        let mut begun = None;
        let mut sent = (0, 0);
        loop {
            let said = phone.hear();
            if let Some((so_far, of)) = said["phase"].as_str().and_then(progress) {
                begun.get_or_insert_with(|| (now(), so_far));
                if so_far > sent.0 {
                    sent = (so_far, of);
                    if let Some((at, from)) = begun
                        && so_far == of
                    {
                        speeds.push(speed(so_far - from, at));
                    }
                }
            } else if said["said"] != "phase" {
                assert_eq!(said["said"], "synced", "{said}");
                break;
            }
        }
        size = sent.1;
        drop(peer);
    }
    json!({ "kilobytes_a_second": median(speeds), "bytes": size })
}

/// `sending: 12 of 34 bytes`.
fn progress(phase: &str) -> Option<(usize, usize)> {
    let rest = phase.strip_prefix("sending: ")?.strip_suffix(" bytes")?;
    let (sent, total) = rest.split_once(" of ")?;
    Some((sent.parse().ok()?, total.parse().ok()?))
}

fn milliseconds(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1e3
}

#[expect(clippy::cast_precision_loss, reason = "some thousands of bytes")]
fn speed(bytes: usize, begun: Instant) -> f64 {
    bytes as f64 / 1024.0 / begun.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn cost(took: Vec<f64>, counted: &[Counts]) -> Value {
    let middle = |what: fn(&Counts) -> usize| {
        let mut values: Vec<usize> = counted.iter().map(what).collect();
        values.sort_unstable();
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    json!({
        "milliseconds": median(took),
        "operations": middle(|counts| counts.operations),
        "bytes_up": middle(|counts| counts.up),
        "bytes_down": middle(|counts| counts.down),
    })
}

fn print(report: &Value) {
    println!(
        "{:16} {:>9} {:>11} {:>8} {:>10}",
        "", "ms", "operations", "bytes up", "bytes down"
    );
    let unlock = &report["unlock"];
    let rows = [
        ("floor", &report["floor"]),
        ("first unlock", &unlock["first"]),
        ("resumed unlock", &unlock["resumed"]),
        ("Tesla's flow", &report["tesla"]),
        ("Nuki's flow", &report["nuki"]),
        ("August's flow", &report["august"]),
    ];
    for (name, row) in rows {
        println!(
            "{name:16} {:>9.1} {:>11} {:>8} {:>10}",
            row["milliseconds"].as_f64().unwrap_or(f64::NAN),
            row["operations"],
            row["bytes_up"],
            row["bytes_down"]
        );
    }
    let speed = |what: &str| {
        report[what]["kilobytes_a_second"]
            .as_f64()
            .unwrap_or(f64::NAN)
    };
    println!(
        "sync {:.1} KB/s of raw {:.1} KB/s; bundle of {} bytes; medians of {TIMES}",
        speed("sync"),
        speed("raw"),
        report["sync"]["bytes"]
    );
}
