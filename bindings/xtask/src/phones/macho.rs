//! What an iOS static library holds: its objects' symbols and the system they were compiled for.

use anyhow::{Context, Result, bail};
use object::macho;
use object::read::archive::ArchiveFile;
use object::read::macho::{MachHeader as _, MachOFile64};
use object::{Endianness, Object as _, ObjectSymbol as _};
use std::collections::{BTreeMap, BTreeSet};

/// All objects of an archive together.
#[derive(Debug, Default)]
pub(crate) struct StaticLibrary {
    /// What some object has for others.
    pub(crate) defined: BTreeSet<String>,
    /// What objects want that no object has.
    pub(crate) undefined: BTreeSet<String>,
    /// The platforms and oldest systems that the objects name, and how many do.
    pub(crate) built_for: BTreeMap<BuiltFor, usize>,
}

/// What an object was compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BuiltFor {
    /// Is it the simulator?
    pub(crate) simulator: bool,
    /// The oldest system: major and minor.
    pub(crate) oldest: (u32, u32),
}

impl StaticLibrary {
    /// Parses an archive of Mach-O objects.
    pub(crate) fn parse(data: &[u8]) -> Result<Self> {
        let archive = ArchiveFile::parse(data).context("the archive")?;
        let mut library = Self::default();
        let mut wanted = BTreeSet::new();
        for member in archive.members() {
            let member = member?;
            let name = String::from_utf8_lossy(member.name()).into_owned();
            if name.ends_with(".rmeta") || name.starts_with("__.SYMDEF") {
                continue;
            }
            let object = member.data(data).with_context(|| name.clone())?;
            library.add(object, &mut wanted).context(name)?;
        }
        library.undefined = wanted.difference(&library.defined).cloned().collect();
        Ok(library)
    }

    fn add(&mut self, object: &[u8], wanted: &mut BTreeSet<String>) -> Result<()> {
        let file = MachOFile64::<Endianness>::parse(object)?;
        for symbol in file.symbols() {
            let name = symbol.name()?;
            if symbol.is_undefined() {
                wanted.insert(c_name(name));
            } else if symbol.is_global() {
                self.defined.insert(c_name(name));
            }
        }
        let built_for = built_for(object)?;
        *self.built_for.entry(built_for).or_default() += 1;
        Ok(())
    }
}

/// A symbol as C names it.
fn c_name(name: &str) -> String {
    name.strip_prefix('_').unwrap_or(name).to_owned()
}

fn built_for(object: &[u8]) -> Result<BuiltFor> {
    let header = macho::MachHeader64::<Endianness>::parse(object, 0)?;
    let endian = header.endian()?;
    let mut commands = header.load_commands(endian, object, 0)?;
    while let Some(command) = commands.next()? {
        if let Some((version, _)) = command.build_version(endian)? {
            let platform = version.platform.get(endian);
            let simulator = platform == macho::PLATFORM_IOSSIMULATOR;
            if !simulator && platform != macho::PLATFORM_IOS {
                bail!("compiled for another platform: {platform:?}");
            }
            return Ok(BuiltFor {
                simulator,
                oldest: parts(version.minos.get(endian).0),
            });
        }
        if command.cmd() == macho::LC_VERSION_MIN_IPHONEOS {
            let version: &macho::VersionMinCommand<Endianness> = command.data()?;
            return Ok(BuiltFor {
                simulator: false,
                oldest: parts(version.version.get(endian).0),
            });
        }
    }
    bail!("it does not say what it was compiled for")
}

/// `xxxx.yy.zz` in nibbles.
fn parts(version: u32) -> (u32, u32) {
    (version >> 16, (version >> 8) & 0xff)
}

#[cfg(test)]
mod tests {
    use super::{StaticLibrary, c_name, parts};

    #[test]
    fn a_version_and_a_name_are_read() {
        assert_eq!(parts(0x000f_0000), (15, 0));
        assert_eq!(parts(0x0010_0403), (16, 4));
        assert_eq!(c_name("_malloc"), "malloc");
        assert_eq!(c_name("___error"), "__error");
    }

    #[test]
    fn what_is_no_archive_is_refused() {
        assert!(StaticLibrary::parse(b"no archive").is_err());
    }
}
