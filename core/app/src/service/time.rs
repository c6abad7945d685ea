//! Times as the service writes them: RFC 3339, and HTTP's `Date`.

use super::Breach;
use crate::ports::UnixMillis;

/// A time on the wall of a door: its own timezone's date and time, with that moment's offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalTime {
    /// Year.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, 1 to 31.
    pub day: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59.
    pub second: u8,
    /// Minutes east of UTC.
    pub offset_minutes: i16,
}

impl LocalTime {
    /// Parses RFC 3339 with an offset, such as `2026-11-24T00:00:00+01:00`.
    pub(crate) fn parse(text: &str) -> Result<Self, Breach> {
        rfc3339(text)
            .map(|(time, _)| time)
            .ok_or(Breach::NotTheAgreedBody)
    }

    /// The moment.
    #[must_use]
    pub fn unix_millis(self) -> UnixMillis {
        let days = days_from_civil(
            i64::from(self.year),
            i64::from(self.month),
            i64::from(self.day),
        );
        let minutes = (days * 24 + i64::from(self.hour)) * 60 + i64::from(self.minute)
            - i64::from(self.offset_minutes);
        (minutes * 60 + i64::from(self.second)) * 1000
    }
}

impl core::fmt::Display for LocalTime {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            f,
            "{:04}-{:02}-{:02} {:02}:{:02}",
            self.year, self.month, self.day, self.hour, self.minute
        )
    }
}

/// A moment in RFC 3339, fractions down to milliseconds.
pub(crate) fn parse_instant(text: &str) -> Result<UnixMillis, Breach> {
    rfc3339(text)
        .map(|(time, millis)| time.unix_millis() + i64::from(millis))
        .ok_or(Breach::NotTheAgreedBody)
}

/// A moment as RFC 3339 in UTC, to the millisecond.
pub(crate) fn format_instant(at: UnixMillis) -> String {
    let (days, rest) = (at.div_euclid(86_400_000), at.rem_euclid(86_400_000));
    let (year, month, day) = civil_from_days(days);
    let (seconds, millis) = (rest / 1_000, rest % 1_000);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// HTTP's `Date`, such as `Tue, 24 Nov 2026 04:06:06 GMT` (RFC 9110, the one form that may be sent).
pub(crate) fn parse_http_date(text: &str) -> Option<UnixMillis> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut parts = text.trim().split(' ').skip(1);
    let day = number(parts.next()?)?;
    let name = parts.next()?;
    let month = MONTHS.iter().position(|month| *month == name)? + 1;
    let year = number(parts.next()?)?;
    let mut clock = parts.next()?.split(':').map(number);
    let time = LocalTime {
        year: u16::try_from(year).ok()?,
        month: u8::try_from(month).ok()?,
        day: in_range(day, 1, 31)?,
        hour: in_range(clock.next()??, 0, 23)?,
        minute: in_range(clock.next()??, 0, 59)?,
        second: in_range(clock.next()??, 0, 60)?,
        offset_minutes: 0,
    };
    (parts.next()? == "GMT").then(|| time.unix_millis())
}

fn rfc3339(text: &str) -> Option<(LocalTime, u16)> {
    let bytes = text.as_bytes();
    let punctuated = bytes.len() >= 20
        && text.is_ascii()
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && matches!(bytes[10], b'T' | b't')
        && bytes[13] == b':'
        && bytes[16] == b':';
    if !punctuated {
        return None;
    }
    let (millis, zone) = fraction(&text[19..])?;
    let time = LocalTime {
        year: u16::try_from(number(&text[..4])?).ok()?,
        month: in_range(number(&text[5..7])?, 1, 12)?,
        day: in_range(number(&text[8..10])?, 1, 31)?,
        hour: in_range(number(&text[11..13])?, 0, 23)?,
        minute: in_range(number(&text[14..16])?, 0, 59)?,
        second: in_range(number(&text[17..19])?, 0, 60)?,
        offset_minutes: offset(zone)?,
    };
    Some((time, millis))
}

fn fraction(rest: &str) -> Option<(u16, &str)> {
    let Some(digits) = rest.strip_prefix('.') else {
        return Some((0, rest));
    };
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, zone) = digits.split_at(length);
    let millis = digits
        .bytes()
        .chain(*b"000")
        .take(3)
        .fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
    (length > 0).then_some((millis, zone))
}

fn offset(zone: &str) -> Option<i16> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let hours = i16::from(in_range(number(hours)?, 0, 23)?);
    let minutes = i16::from(in_range(number(minutes)?, 0, 59)?);
    Some(sign * (hours * 60 + minutes))
}

fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn in_range(number: u32, low: u8, high: u8) -> Option<u8> {
    u8::try_from(number)
        .ok()
        .filter(|number| (low..=high).contains(number))
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar: years counted from March, in eras of 400 years.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The inverse of [`days_from_civil`].
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_parse_with_offset_and_fraction() {
        assert_eq!(parse_instant("1970-01-01T00:00:00Z"), Ok(0));
        assert_eq!(
            parse_instant("2000-03-01T00:00:00.25Z"),
            Ok(951_868_800_250)
        );
        assert_eq!(
            parse_instant("2026-11-24T05:06:06+01:00"),
            Ok(1_795_493_166_000)
        );
        for wrong in [
            "",
            "2026-11-24",
            "2026-11-24T05:06:06",
            "2026-13-01T00:00:00Z",
            "2026-11-24T05:06:06.Z",
            "2026-11-24T05:06:06+1",
        ] {
            assert!(parse_instant(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_instant_is_written_as_it_is_read() {
        for at in [0, 951_868_800_250, 1_795_493_166_000, 4_102_444_799_999, -1] {
            assert_eq!(parse_instant(&format_instant(at)), Ok(at));
        }
        assert_eq!(format_instant(951_782_400_000), "2000-02-29T00:00:00.000Z");
    }

    #[test]
    fn a_local_time_shows_the_doors_own_wall_clock() {
        let time = LocalTime::parse("2026-11-24T00:30:00+13:00").unwrap();
        assert_eq!(time.to_string(), "2026-11-24 00:30");
        assert_eq!(
            time.unix_millis(),
            parse_instant("2026-11-23T11:30:00Z").unwrap()
        );
    }

    #[test]
    fn http_dates_parse() {
        let date = parse_http_date("Tue, 24 Nov 2026 04:06:06 GMT");
        assert_eq!(date, Some(1_795_493_166_000));
        assert_eq!(parse_http_date("yesterday"), None);
        assert_eq!(parse_http_date("Tue, 24 Nov 2026 04:06:06 CET"), None);
    }
}
