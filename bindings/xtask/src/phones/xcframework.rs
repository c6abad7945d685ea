//! An xcframework: a folder with a library for each platform and a property list that says which is which. Xcode makes the same with
//! `xcodebuild -create-xcframework`.

use super::cargo::LIBRARY;
use super::target::Apple;
use anyhow::Result;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const NAME: &str = "Keyway.xcframework";

/// Lays it out below `out`.
pub(crate) fn lay_out(
    out: &Path,
    libraries: &[(Apple, PathBuf)],
    headers: &Path,
) -> Result<PathBuf> {
    let folder = out.join(NAME);
    let _not_there = std::fs::remove_dir_all(&folder);
    for (apple, library) in libraries {
        let slice = folder.join(apple.folder());
        std::fs::create_dir_all(slice.join("Headers"))?;
        std::fs::copy(library, slice.join(format!("{LIBRARY}.a")))?;
        for header in std::fs::read_dir(headers)? {
            let header = header?;
            std::fs::copy(
                header.path(),
                slice.join("Headers").join(header.file_name()),
            )?;
        }
    }
    let slices: Vec<Apple> = libraries.iter().map(|(apple, _)| *apple).collect();
    std::fs::write(folder.join("Info.plist"), property_list(&slices))?;
    Ok(folder)
}

fn property_list(slices: &[Apple]) -> String {
    let mut text = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>AvailableLibraries</key>
	<array>
"#
    .to_owned();
    for apple in slices {
        let variant = match apple {
            Apple::Device => "",
            Apple::Simulator => {
                "\t\t\t<key>SupportedPlatformVariant</key>\n\t\t\t<string>simulator</string>\n"
            }
        };
        // Writing to a string cannot fail.
        let _written = write!(
            text,
            "\t\t<dict>\n\
             \t\t\t<key>BinaryPath</key>\n\t\t\t<string>{LIBRARY}.a</string>\n\
             \t\t\t<key>HeadersPath</key>\n\t\t\t<string>Headers</string>\n\
             \t\t\t<key>LibraryIdentifier</key>\n\t\t\t<string>{}</string>\n\
             \t\t\t<key>LibraryPath</key>\n\t\t\t<string>{LIBRARY}.a</string>\n\
             \t\t\t<key>SupportedArchitectures</key>\n\t\t\t<array>\n\t\t\t\t<string>arm64</string>\n\t\t\t</array>\n\
             \t\t\t<key>SupportedPlatform</key>\n\t\t\t<string>ios</string>\n\
             {variant}\t\t</dict>\n",
            apple.folder()
        );
    }
    text.push_str(
        "\t</array>\n\
         \t<key>CFBundlePackageType</key>\n\t<string>XFWK</string>\n\
         \t<key>XCFrameworkFormatVersion</key>\n\t<string>1.0</string>\n\
         </dict>\n</plist>\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::property_list;
    use crate::phones::target::Apple;

    #[test]
    fn each_library_says_where_it_runs() {
        let text = property_list(&Apple::ALL);
        for tag in ["dict", "array", "plist"] {
            let open = text.matches(&format!("<{tag}")).count();
            assert_eq!(open, text.matches(&format!("</{tag}>")).count(), "{tag}");
        }
        assert_eq!(text.matches("<string>simulator</string>").count(), 1);
        assert_eq!(text.matches("<string>ios-arm64</string>").count(), 1);
        assert_eq!(
            text.matches("<string>ios-arm64-simulator</string>").count(),
            1
        );
        assert!(!text.contains("\n "), "indented by tabs alone");
    }
}
