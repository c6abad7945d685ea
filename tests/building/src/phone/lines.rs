//! Lines in and out without a trace: standard input and output of a phone are read and written without the library's static buffers, which would keep a
//! password or a doorcode for as long as the process lives.

use anyhow::Result;
use std::fs::File;
use std::io::{Read as _, Write as _};
use zeroize::Zeroizing;

/// Standard input, byte by byte into memory that is wiped.
pub(super) struct Orders(File);

impl Orders {
    /// Standard input.
    pub(super) fn open() -> Result<Self> {
        Ok(Self(File::open("/dev/stdin")?))
    }

    /// The next line; `None` when the input has ended.
    pub(super) fn next(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let mut line = Zeroizing::new(Vec::with_capacity(1024));
        let mut byte = [0];
        loop {
            if self.0.read(&mut byte)? == 0 {
                return Ok(None);
            }
            if byte[0] == b'\n' {
                return Ok(Some(line));
            }
            line.push(byte[0]);
        }
    }
}

/// Standard output, each line in one write.
pub(super) struct Answers(File);

impl Answers {
    /// Standard output.
    pub(super) fn open() -> Result<Self> {
        Ok(Self(File::options().write(true).open("/dev/stdout")?))
    }

    /// Says one thing. A demo that no longer listens is no reason to fail.
    pub(super) fn say(&mut self, what: &impl serde::Serialize) {
        let mut line = Zeroizing::new(Vec::with_capacity(4096));
        if serde_json::to_writer(&mut *line, what).is_ok() {
            line.push(b'\n');
            let _closed = self.0.write_all(&line);
        }
    }
}
