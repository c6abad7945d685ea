//! The memory of a living process, region by region.

use super::{Findings, Needles};
use anyhow::{Context as _, Result};
use std::fs::File;
use std::os::unix::fs::FileExt as _;

const PIECE: usize = 1 << 20;

/// One readable region of a process's memory.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Region {
    begin: u64,
    end: u64,
    name: String,
}

/// Reads everything that `process` could have written: every readable region but the unchanged contents of files.
pub(super) fn scan(
    process: u32,
    memory: &File,
    needles: &Needles,
    findings: &mut Findings,
) -> Result<()> {
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps"))
        .context("the memory map of the phone's process")?;
    let mut piece = vec![0; PIECE + needles.overlap()];
    for region in maps.lines().filter_map(parse) {
        let mut at = region.begin;
        while at < region.end {
            let wanted = usize::try_from(region.end - at)
                .unwrap_or(usize::MAX)
                .min(piece.len());
            // A region may vanish or be unreadable in parts while the process lives: what is gone is not left over.
            let Ok(read) = memory.read_at(&mut piece[..wanted], at) else {
                at += PIECE as u64;
                continue;
            };
            findings
                .hits
                .extend(needles.hits(&region.name, &piece[..read]));
            findings.memory_bytes += read.min(PIECE) as u64;
            at += PIECE as u64;
        }
    }
    Ok(())
}

/// One line of `/proc/PID/maps`: `55d0-55e1 rw-p 00000000 00:00 0    [heap]`.
fn parse(line: &str) -> Option<Region> {
    let mut words = line.split_whitespace();
    let (begin, end) = words.next()?.split_once('-')?;
    let permissions = words.next()?;
    let name = words.nth(3).unwrap_or("anonymous memory");
    let of_a_file = name.starts_with('/') && !permissions.contains('w');
    if !permissions.starts_with('r') || of_a_file || name.starts_with("[v") {
        return None;
    }
    Some(Region {
        begin: u64::from_str_radix(begin, 16).ok()?,
        end: u64::from_str_radix(end, 16).ok()?,
        name: name.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Region, parse, scan};
    use crate::scan::{Canary, Findings, Needles};
    use std::fs::File;

    #[test]
    fn regions_are_those_that_a_process_could_have_written() {
        let heap = parse("55d0-55e1 rw-p 00000000 00:00 0                     [heap]");
        let expected = Region {
            begin: 0x55d0,
            end: 0x55e1,
            name: "[heap]".into(),
        };
        assert_eq!(heap, Some(expected));
        assert!(parse("7f00-7f10 rw-p 00000000 00:00 0").is_some());
        assert!(parse("7f00-7f10 r--p 00000000 08:01 12 /usr/lib/libc.so.6").is_none());
        assert!(parse("7f00-7f10 rw-p 00000000 08:01 12 /usr/lib/libc.so.6").is_some());
        assert!(parse("7f00-7f10 ---p 00000000 00:00 0").is_none());
        assert!(parse("7f00-7f10 r-xp 00000000 00:00 0 [vdso]").is_none());
    }

    #[test]
    fn what_this_very_process_holds_is_found() {
        // Built at run time, so that the plain form is on the heap and not a constant of the program.
        let held: String = ["a canary ", "on the ", "heap"].concat();
        let needles = Needles::of(&[Canary::text("held", &held)]).expect("needles");
        let memory = File::open("/proc/self/mem").expect("one's own memory is readable");
        let mut findings = Findings::default();
        scan(std::process::id(), &memory, &needles, &mut findings).expect("a scan");
        assert!(findings.found().contains("held"));
        assert!(findings.memory_bytes > 100_000);
        assert!(!held.is_empty());
    }
}
