//! What the processes left behind, read without asking any of them: the lock's journal and the air's trace.

use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The journal of a lock, a line per motor move.
pub const JOURNAL: &str = "journal.jsonl";
/// The trace of a lock's air, a line per frame.
pub const TRACE: &str = "air.jsonl";

/// A frame's first byte: it carries a part of a message, and that part is the last.
const DATA: u8 = 0x80;
const LAST: u8 = 0x10;

/// What locks and air say about the story.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Times a motor started.
    pub motor_moves: usize,
    /// Messages that the phone completed on the link, from the hello to the motor's first start; 0 when no motor started.
    pub round_trips_to_unlock: usize,
}

#[derive(Debug, Deserialize)]
struct Move {
    /// Milliseconds on the lock's clock, which is the air's.
    at: u64,
}

#[derive(Debug, Deserialize)]
struct Frame {
    at: u64,
    link: u64,
    direction: String,
    operation: String,
    fate: String,
    hex: String,
}

/// Reads the journals and traces of all locks.
pub fn of_locks(folders: &[PathBuf]) -> Result<Seen> {
    let mut seen = Seen::default();
    for folder in folders {
        let moves: Vec<Move> = lines(&folder.join(JOURNAL))?;
        let frames: Vec<Frame> = lines(&folder.join(TRACE))?;
        if let Some(first) = moves.first() {
            seen.round_trips_to_unlock = messages_before(&frames, first.at);
        }
        seen.motor_moves += moves.len();
    }
    Ok(seen)
}

/// Complete messages from the phone on the link that was in use when the motor started. Acknowledgements carry no message; a repeated frame has the number of
/// the one it repeats.
fn messages_before(frames: &[Frame], motor: u64) -> usize {
    let up = |frame: &&Frame| {
        frame.operation == "write" && frame.direction == "to-lock" && frame.at <= motor
    };
    let Some(link) = frames.iter().rfind(up).map(|frame| frame.link) else {
        return 0;
    };
    let ends: BTreeSet<u8> = frames
        .iter()
        .filter(up)
        .filter(|frame| frame.link == link && frame.fate != "dropped" && frame.fate != "cut")
        .filter_map(|frame| hex::decode(&frame.hex).ok())
        .filter(|bytes| {
            bytes
                .first()
                .is_some_and(|flags| flags & (DATA | LAST) == DATA | LAST)
        })
        .filter_map(|bytes| bytes.get(1).copied())
        .collect();
    ends.len()
}

fn lines<T: for<'a> Deserialize<'a>>(file: &Path) -> Result<Vec<T>> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        // Nothing happened there.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(|| file.display().to_string()),
    };
    text.lines()
        .map(|line| {
            serde_json::from_str(line).with_context(|| format!("{}: {line}", file.display()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{JOURNAL, Seen, TRACE, of_locks};

    fn frame(at: u64, link: u64, operation: &str, fate: &str, hex: &str) -> String {
        let direction = if operation == "write" {
            "to-lock"
        } else {
            "to-phone"
        };
        format!(
            r#"{{"at":{at},"link":{link},"direction":"{direction}","operation":"{operation}","fate":"{fate}","bytes":2,"hex":"{hex}"}}"#
        )
    }

    #[test]
    fn a_message_counts_once_however_often_its_last_frame_was_sent() {
        let folder = tempfile::tempdir().expect("a folder");
        let trace = [
            frame(1, 1, "write", "carried", "b000"),
            frame(5, 2, "hello-value", "carried", "01"),
            frame(6, 2, "write", "carried", "a000"),
            frame(7, 2, "write", "dropped", "9001"),
            frame(8, 2, "notify-down", "carried", "400000"),
            frame(9, 2, "write", "carried", "9001"),
            frame(9, 2, "write", "carried", "9001"),
            frame(40, 2, "write", "carried", "b002"),
        ];
        std::fs::write(folder.path().join(TRACE), trace.join("\n")).expect("written");
        std::fs::write(folder.path().join(JOURNAL), "{\"at\":10}\n").expect("written");
        let seen = of_locks(&[folder.path().to_owned(), folder.path().join("absent")]);
        let expected = Seen {
            motor_moves: 1,
            round_trips_to_unlock: 1,
        };
        assert_eq!(seen.expect("readable"), expected);
    }
}
