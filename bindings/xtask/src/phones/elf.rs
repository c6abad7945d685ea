//! What an Android library says of itself: segments, what it needs, what it takes from and gives to others.

use anyhow::{Context, Result, bail};
use object::elf;
use object::read::elf::{ElfFile, FileHeader, ProgramHeader as _};
use object::{Endianness, FileKind, Object as _, ObjectSymbol as _};
use std::collections::BTreeSet;

/// A symbol that somebody else must have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Undefined {
    /// Its name.
    pub(crate) name: String,
    /// May it be missing?
    pub(crate) weak: bool,
}

/// What is in a shared library's headers and tables.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct SharedLibrary {
    /// The alignment of each loaded segment.
    pub(crate) alignments: Vec<u64>,
    /// Is a segment both writable and executable?
    pub(crate) writable_code: bool,
    /// The libraries it asks the loader for.
    pub(crate) needed: Vec<String>,
    /// Its own name.
    pub(crate) soname: Option<String>,
    /// Tags of its dynamic table.
    tags: BTreeSet<i64>,
    /// What others must have.
    pub(crate) undefined: BTreeSet<Undefined>,
    /// What it gives to others.
    pub(crate) exported: BTreeSet<String>,
    /// Every symbol that its tables name, inner ones too unless it is stripped.
    pub(crate) symbols: BTreeSet<String>,
}

impl SharedLibrary {
    /// Parses an ELF file.
    pub(crate) fn parse(data: &[u8]) -> Result<Self> {
        match FileKind::parse(data)? {
            FileKind::Elf32 => Self::read::<elf::FileHeader32<Endianness>>(data),
            FileKind::Elf64 => Self::read::<elf::FileHeader64<Endianness>>(data),
            other => bail!("an ELF file was expected, found {other:?}"),
        }
    }

    fn read<E: FileHeader<Endian = Endianness>>(data: &[u8]) -> Result<Self> {
        let file = ElfFile::<E>::parse(data).context("the ELF header")?;
        let endian = file.endian();
        let mut library = Self::default();
        for segment in file.elf_program_headers() {
            if segment.p_type(endian) == elf::PT_LOAD {
                let flags = segment.p_flags(endian);
                library.alignments.push(segment.p_align(endian).into());
                library.writable_code |= flags.contains(elf::PF_W) && flags.contains(elf::PF_X);
            }
        }
        let table = file.elf_section_table().dynamic_table(endian, data)?;
        for entry in table.iter() {
            library.tags.insert(entry.tag.0);
            if entry.tag == elf::DT_NEEDED {
                library.needed.push(text(table.string(entry)?));
            } else if entry.tag == elf::DT_SONAME {
                library.soname = Some(text(table.string(entry)?));
            }
        }
        for symbol in file.dynamic_symbols() {
            let name = symbol.name()?.to_owned();
            if name.is_empty() {
                continue;
            }
            if symbol.is_undefined() {
                let weak = symbol.is_weak();
                library.undefined.insert(Undefined { name, weak });
            } else if symbol.is_global() {
                library.exported.insert(name);
            }
        }
        let all = file.symbols().chain(file.dynamic_symbols());
        let names = all.filter_map(|symbol| symbol.name().ok());
        library.symbols = names.map(str::to_owned).collect();
        Ok(library)
    }

    /// Are its relocations packed as Android has read them since level 23, and not in a form that it learned later?
    pub(crate) fn relocations(&self) -> Relocations {
        let has = |tag: elf::DynamicTag| self.tags.contains(&tag.0);
        if has(elf::DT_RELR) || has(elf::DT_ANDROID_RELR) {
            Relocations::TooNew
        } else if has(elf::DT_ANDROID_RELA) || has(elf::DT_ANDROID_REL) {
            Relocations::Packed
        } else {
            Relocations::Plain
        }
    }

    /// Does loading it write into its code?
    pub(crate) fn relocates_code(&self) -> bool {
        self.tags.contains(&elf::DT_TEXTREL.0)
    }
}

/// How a library's relocations are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relocations {
    /// One by one.
    Plain,
    /// Android's packing.
    Packed,
    /// A form that the oldest Android does not read.
    TooNew,
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
