//! The changelog: a section for each version, newest first, headed `## 0.1.0 (2026-11-25)`.

use jiff::civil::Date;

/// A section as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) version: String,
    pub(super) date: String,
    /// What changed, without the heading.
    pub(super) text: String,
}

/// All sections in the order they stand.
#[derive(Debug)]
pub(super) struct Changelog(Vec<Section>);

impl Changelog {
    pub(super) fn parse(text: &str) -> Self {
        let mut sections: Vec<Section> = Vec::new();
        for line in text.lines() {
            if let Some(heading) = line.strip_prefix("## ") {
                let (version, date) = heading.split_once(" (").unwrap_or((heading, ""));
                sections.push(Section {
                    version: version.trim().to_owned(),
                    date: date.trim_end_matches(')').to_owned(),
                    text: String::new(),
                });
            } else if let Some(section) = sections.last_mut() {
                section.text.push_str(line);
                section.text.push('\n');
            }
        }
        Self(sections)
    }

    /// The newest section, if it is `version`'s: dated, not in the future, not before the one below it, and not empty.
    pub(super) fn section(&self, version: &str, today: Date) -> Result<Section, String> {
        let newest = self.0.first().ok_or("there is no section")?;
        if newest.version != version {
            return Err(format!("the newest section is {}'s", newest.version));
        }
        let date = day(newest)?;
        if date > today {
            return Err(format!("{} is in the future", newest.date));
        }
        if let Some(older) = self.0.get(1)
            && day(older)? > date
        {
            return Err(format!(
                "{} is before the section of {}",
                newest.date, older.version
            ));
        }
        if newest.text.trim().is_empty() {
            return Err("it says nothing".to_owned());
        }
        Ok(newest.clone())
    }
}

fn day(section: &Section) -> Result<Date, String> {
    let (version, date) = (&section.version, &section.date);
    date.parse()
        .map_err(|_| format!("{version} has no date as in `## {version} (2026-01-31)`"))
}

/// The day that it is, anywhere on earth: a date is not in the future while it has begun somewhere.
#[expect(
    clippy::disallowed_methods,
    reason = "a tool for developers, run by hand; the check takes the day as an argument"
)]
pub(super) fn today() -> Date {
    let ahead = jiff::tz::Offset::constant(14);
    let now = jiff::Timestamp::try_from(std::time::SystemTime::now());
    ahead.to_datetime(now.unwrap_or_default()).date()
}

#[cfg(test)]
mod tests {
    use super::Changelog;
    use jiff::civil::date;

    const TEXT: &str =
        "# Changes\n\n## 0.2.0 (2026-11-25)\n- Sync.\n\n## 0.1.0 (2026-10-01)\n- First.\n";

    fn why(text: &str) -> String {
        let parsed = Changelog::parse(text);
        parsed
            .section("0.2.0", date(2026, 11, 26))
            .expect_err("it must be refused")
    }

    #[test]
    fn a_dated_section_is_good() {
        let section = Changelog::parse(TEXT).section("0.2.0", date(2026, 11, 25));
        assert_eq!(section.expect("a section").text.trim(), "- Sync.");
    }

    #[test]
    fn what_is_missing_undated_early_late_or_empty_is_refused() {
        assert!(why("").contains("no section"));
        assert!(why("## 0.3.0 (2026-11-25)\nx").contains("0.3.0"));
        assert!(why("## 0.2.0\nx").contains("no date"));
        assert!(why("## 0.2.0 (unreleased)\nx").contains("no date"));
        assert!(why("## 0.2.0 (2026-02-30)\nx").contains("no date"));
        assert!(why(&TEXT.replace("11-25", "11-27")).contains("future"));
        assert!(why(&TEXT.replace("10-01", "11-26")).contains("before"));
        assert!(why(&TEXT.replace("- Sync.", "")).contains("nothing"));
    }
}
