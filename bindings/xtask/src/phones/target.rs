//! What Keyway is built for.

use clap::ValueEnum;

/// The oldest Android, as an API level: what btleplug's Java half asks for.
pub(crate) const OLDEST_ANDROID: u32 = 24;
/// The oldest iOS, for everything that is compiled: Swift's concurrency without a part copied into the app.
pub(crate) const OLDEST_IOS: &str = "15.0";

/// One compilation target.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// Rust's name of it.
    pub(crate) triple: &'static str,
    /// Zig's name of it, with the oldest system it runs on.
    pub(crate) zig: &'static str,
    /// Where the C headers are, below `lib/libc/include` of Zig.
    pub(crate) headers: &'static [&'static str],
}

/// An Android ABI, as the folders of an app's package are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Abi {
    /// 64-bit ARM: nearly every phone.
    #[value(name = "arm64-v8a")]
    Arm64,
    /// 32-bit ARM: old and cheap phones.
    #[value(name = "armeabi-v7a")]
    Arm,
    /// 64-bit x86: emulators.
    #[value(name = "x86_64")]
    X86_64,
}

impl Abi {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Arm64, Self::Arm, Self::X86_64];

    /// The folder's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64-v8a",
            Self::Arm => "armeabi-v7a",
            Self::X86_64 => "x86_64",
        }
    }

    /// Its compilation target.
    pub(crate) fn target(self) -> &'static Target {
        match self {
            Self::Arm64 => &Target {
                triple: "aarch64-linux-android",
                zig: "aarch64-linux-android.24",
                headers: &[
                    "aarch64-linux-musl",
                    "generic-musl",
                    "aarch64-linux-any",
                    "any-linux-any",
                ],
            },
            Self::Arm => &Target {
                triple: "armv7-linux-androideabi",
                zig: "arm-linux-androideabi.24",
                headers: &[
                    "arm-linux-musl",
                    "generic-musl",
                    "arm-linux-any",
                    "any-linux-any",
                ],
            },
            Self::X86_64 => &Target {
                triple: "x86_64-linux-android",
                zig: "x86_64-linux-android.24",
                headers: &[
                    "x86_64-linux-musl",
                    "generic-musl",
                    "x86-linux-any",
                    "any-linux-any",
                ],
            },
        }
    }
}

/// Where an iOS library runs: a library is of one or the other, and an xcframework holds both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Apple {
    /// iPhones and iPads.
    Device,
    /// The simulator on a Mac with an Apple processor.
    Simulator,
}

impl Apple {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Device, Self::Simulator];

    /// Its folder in an xcframework, as Xcode names it.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Device => "ios-arm64",
            Self::Simulator => "ios-arm64-simulator",
        }
    }

    /// Its compilation target.
    pub(crate) fn target(self) -> &'static Target {
        match self {
            Self::Device => &Target {
                triple: "aarch64-apple-ios",
                zig: "aarch64-ios.15.0",
                headers: &["any-darwin-any"],
            },
            Self::Simulator => &Target {
                triple: "aarch64-apple-ios-sim",
                zig: "aarch64-ios.15.0-simulator",
                headers: &["any-darwin-any"],
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Abi, Apple, OLDEST_ANDROID, OLDEST_IOS};

    #[test]
    fn the_c_parts_are_compiled_for_the_oldest_systems_too() {
        for abi in Abi::ALL {
            let level = format!(".{OLDEST_ANDROID}");
            assert!(abi.target().zig.ends_with(&level), "{}", abi.name());
        }
        for apple in Apple::ALL {
            let version = format!("ios.{OLDEST_IOS}");
            assert!(apple.target().zig.contains(&version), "{apple:?}");
        }
    }
}
