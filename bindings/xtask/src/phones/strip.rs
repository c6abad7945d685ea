//! Taking the inner symbols and debug information out of a shared library, after the generator of bindings has read it.
//!
//! What a loader reads stays where it is, byte for byte: sections that are not loaded lie behind everything else, so they are cut off and the table of
//! sections is written anew. The build id stays too: the unstripped library, kept aside, still belongs to a crash report of the stripped one.

use anyhow::{Context, Result, bail, ensure};
use object::elf;
use object::read::elf::{FileHeader, ProgramHeader as _, SectionHeader as _};
use object::{Endianness, FileKind};

/// Not loaded, but read by tools: what instruction set an ARM library uses.
const KEPT: &[u8] = b".ARM.attributes";
/// The names of the sections themselves.
const NAMES: &[u8] = b".shstrtab";

/// One section that stays.
struct Section {
    name: Vec<u8>,
    /// Its header as it was.
    header: Vec<u8>,
    /// Its content, if it must be moved.
    moved: Option<Vec<u8>>,
}

/// Where the fields of headers lie: 32-bit or 64-bit.
struct Layout {
    table_offset: usize,
    table_count: usize,
    names_index: usize,
    section_offset: usize,
    section_size: usize,
    word: usize,
}

const LAYOUT_32: Layout = Layout {
    table_offset: 0x20,
    table_count: 0x30,
    names_index: 0x32,
    section_offset: 0x10,
    section_size: 0x14,
    word: 4,
};

const LAYOUT_64: Layout = Layout {
    table_offset: 0x28,
    table_count: 0x3c,
    names_index: 0x3e,
    section_offset: 0x18,
    section_size: 0x20,
    word: 8,
};

impl Layout {
    fn put(&self, bytes: &mut [u8], at: usize, value: usize) {
        bytes[at..at + self.word].copy_from_slice(&value.to_le_bytes()[..self.word]);
    }
}

/// The library without what is not loaded.
pub(crate) fn strip(data: &[u8]) -> Result<Vec<u8>> {
    match FileKind::parse(data)? {
        FileKind::Elf32 => cut::<elf::FileHeader32<Endianness>>(data, &LAYOUT_32),
        FileKind::Elf64 => cut::<elf::FileHeader64<Endianness>>(data, &LAYOUT_64),
        other => bail!("an ELF file was expected, found {other:?}"),
    }
}

fn cut<E: FileHeader<Endian = Endianness>>(data: &[u8], layout: &Layout) -> Result<Vec<u8>> {
    let header = E::parse(data)?;
    let endian = header.endian()?;
    ensure!(
        endian == Endianness::Little,
        "no phone stores numbers big end first"
    );
    let mut end = loaded_end(header, endian, data)?;
    let sections = header.sections(endian, data)?;
    let mut kept = Vec::new();
    let mut behind = false;
    for section in sections.iter() {
        let name = sections.section_name(endian, section)?;
        let loaded = section.sh_flags(endian).contains(elf::SHF_ALLOC);
        // Symbols name sections by number: those that stay must keep theirs.
        ensure!(
            !(loaded && behind),
            "a loaded section lies behind one that is not"
        );
        let first = kept.is_empty();
        behind |= !loaded && !first;
        let moved = (name == KEPT).then(|| section.data(endian, data));
        if loaded || first || moved.is_some() {
            kept.push(Section {
                name: name.to_vec(),
                header: object::pod::bytes_of(section).to_vec(),
                moved: moved.transpose()?.map(<[u8]>::to_vec),
            });
        }
        if loaded && section.sh_type(endian) != elf::SHT_NOBITS {
            let (offset, size): (u64, u64) = (
                section.sh_offset(endian).into(),
                section.sh_size(endian).into(),
            );
            end = end.max(usize::try_from(offset + size)?);
        }
    }
    let loaded = data.get(..end).context("the file is cut off")?;
    Ok(write(loaded, kept, layout))
}

/// Where the last byte that a loader reads ends.
fn loaded_end<E: FileHeader>(header: &E, endian: E::Endian, data: &[u8]) -> Result<usize> {
    let mut end = 0;
    for segment in header.program_headers(endian, data)? {
        if segment.p_type(endian) == elf::PT_LOAD {
            let (offset, size): (u64, u64) = (
                segment.p_offset(endian).into(),
                segment.p_filesz(endian).into(),
            );
            end = end.max(offset + size);
        }
    }
    Ok(usize::try_from(end)?)
}

/// The loaded part, then what was moved, the sections' names and their table.
fn write(loaded: &[u8], mut kept: Vec<Section>, layout: &Layout) -> Vec<u8> {
    let mut out = loaded.to_vec();
    let mut names = Vec::new();
    kept.push(names_section(layout));
    for section in &mut kept {
        let at = u32::try_from(names.len()).unwrap_or(u32::MAX);
        section.header[..4].copy_from_slice(&at.to_le_bytes());
        names.extend_from_slice(&section.name);
        names.push(0);
        if let Some(content) = &section.moved {
            layout.put(&mut section.header, layout.section_offset, out.len());
            out.extend_from_slice(content);
        }
    }
    if let Some(section) = kept.last_mut() {
        layout.put(&mut section.header, layout.section_offset, out.len());
        layout.put(&mut section.header, layout.section_size, names.len());
    }
    out.extend_from_slice(&names);
    out.resize(out.len().next_multiple_of(layout.word), 0);
    let table = out.len();
    layout.put(&mut out, layout.table_offset, table);
    let count = u16::try_from(kept.len()).unwrap_or(u16::MAX);
    out[layout.table_count..layout.table_count + 2].copy_from_slice(&count.to_le_bytes());
    out[layout.names_index..layout.names_index + 2].copy_from_slice(&(count - 1).to_le_bytes());
    for section in &kept {
        out.extend_from_slice(&section.header);
    }
    out
}

/// A table of names, its place still to be filled in.
fn names_section(layout: &Layout) -> Section {
    let mut header = vec![0; if layout.word == 8 { 0x40 } else { 0x28 }];
    header[4..8].copy_from_slice(&elf::SHT_STRTAB.0.to_le_bytes());
    let alignment = if layout.word == 8 { 0x30 } else { 0x20 };
    header[alignment] = 1;
    Section {
        name: NAMES.to_vec(),
        header,
        moved: None,
    }
}

#[cfg(test)]
mod tests {
    use super::strip;
    use crate::phones::elf::SharedLibrary;

    #[test]
    fn what_a_loader_reads_stays_and_the_inner_symbols_go() {
        let own = std::env::current_exe().expect("a test is an executable");
        let data = std::fs::read(own).expect("it can be read");
        let stripped = strip(&data).expect("it is an ELF file");
        let (mut before, after) = (
            SharedLibrary::parse(&data).expect("as it was built"),
            SharedLibrary::parse(&stripped).expect("as it was stripped"),
        );
        assert!(stripped.len() < data.len() / 2);
        assert!(before.symbols.len() > 10 * after.symbols.len());
        before.symbols.clone_from(&after.symbols);
        assert_eq!(before, after);
        // Only the header's three fields about sections changed in what is loaded.
        let changed = data.iter().zip(&stripped).take(0x40);
        assert!(changed.filter(|(was, is)| was != is).count() <= 12);
        assert_eq!(data[0x40..0x10000], stripped[0x40..0x10000]);
    }

    #[test]
    fn what_is_no_library_is_refused() {
        assert!(strip(b"\x7fELF").is_err());
        assert!(strip(b"#!/bin/sh\n").is_err());
    }
}
