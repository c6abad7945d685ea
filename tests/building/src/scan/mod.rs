//! Looking for planted canaries where a phone could have left them: its folder, its temporary files, its memory.
//!
//! The scan is a process of its own. It knows the canaries and where to look, and nothing of how the phone works. The memory of a living phone reaches it as an
//! open `/proc/PID/mem`, its standard input, opened by the phone's parent: a system that lets only parents look at a process permits that too.

mod memory;
mod needles;

pub use needles::{Canary, Needles};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What to look for, and where.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    /// The phone's folder and its folder for temporary files; one that is not there is empty.
    pub folders: Vec<PathBuf>,
    /// The phone's process, whose memory map says what to read of standard input.
    pub process: Option<u32>,
    /// What was planted.
    pub canaries: Vec<Canary>,
}

/// One canary found in one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Hit {
    /// Where: a file's path, or the memory region's name.
    pub place: String,
    /// Which canary.
    pub canary: String,
    /// In which form it stood there.
    pub encoding: String,
    /// How often.
    pub times: usize,
}

/// What a scan found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// Canaries found.
    pub hits: Vec<Hit>,
    /// Everything that lies in the folders, whatever is in it.
    pub files: Vec<String>,
    /// Bytes of memory read.
    pub memory_bytes: u64,
}

impl Findings {
    /// The names of the canaries that were found.
    #[must_use]
    pub fn found(&self) -> BTreeSet<&str> {
        self.hits.iter().map(|hit| hit.canary.as_str()).collect()
    }

    /// How many traces there are: hits in content, and files that should not be there at all.
    #[must_use]
    pub fn traces(&self) -> usize {
        self.hits.len() + self.files.len()
    }
}

/// Does what `request` asks; `memory` is the phone's open memory.
pub fn scan(request: &Request, memory: Option<std::fs::File>) -> Result<Findings> {
    let needles = Needles::of(&request.canaries)?;
    let mut findings = Findings::default();
    for folder in &request.folders {
        scan_folder(folder, &needles, &mut findings)?;
    }
    if let (Some(process), Some(memory)) = (request.process, memory) {
        memory::scan(process, &memory, &needles, &mut findings)?;
    }
    findings.hits.sort();
    Ok(findings)
}

fn scan_folder(folder: &Path, needles: &Needles, findings: &mut Findings) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.display().to_string();
        // A file's name can give away as much as its content.
        findings.hits.extend(needles.hits(&name, name.as_bytes()));
        if path.is_dir() {
            scan_folder(&path, needles, findings)?;
        } else {
            let content = std::fs::read(&path).with_context(|| name.clone())?;
            findings.hits.extend(needles.hits(&name, &content));
            findings.files.push(name);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Canary, Request, scan};

    #[test]
    fn a_canary_is_found_in_a_files_content_and_in_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let canary = Canary::text("email", "marlow@canary.example");
        std::fs::write(folder.path().join("a"), "x marlow@canary.example y").expect("a file");
        std::fs::write(folder.path().join("marlow@canary.example"), "").expect("a file");
        let request = Request {
            folders: vec![folder.path().to_owned(), folder.path().join("absent")],
            process: None,
            canaries: vec![canary, Canary::text("other", "not to be found")],
        };
        let findings = scan(&request, None).expect("a scan");
        assert_eq!(findings.hits.len(), 2);
        assert_eq!(findings.found().into_iter().collect::<Vec<_>>(), ["email"]);
        assert_eq!(findings.files.len(), 2);
        assert_eq!(findings.traces(), 4);
    }
}
