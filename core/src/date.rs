//! A calendar date without a clock: models are born and retired on days, not on seconds.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};
use crate::suggest::shown;

/// A day in the proleptic Gregorian calendar; compares and sorts by time.
///
/// ```
/// use tramontane::date::Date;
/// let retired: Date = "2026-07-31".parse()?;
/// assert!(retired < Date::new(2026, 11, 21).unwrap());
/// assert_eq!(retired.to_string(), "2026-07-31");
/// # Ok::<(), tramontane::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i16,
    month: u8,
    day: u8,
}

impl Date {
    /// A date, when there is such a day.
    pub const fn new(year: i16, month: u8, day: u8) -> Option<Date> {
        if month == 0 || month > 12 || day == 0 || day > days_in_month(year, month) {
            return None;
        }
        Some(Date { year, month, day })
    }

    /// The day that is written as `2026-11-21`.
    pub(crate) fn read(text: &str) -> Option<Date> {
        let text: &[u8; 10] = text.as_bytes().try_into().ok()?;
        let mut numbers = [0; 3];
        let mut at = 0;
        for (place, byte) in text.iter().enumerate() {
            match (place, byte) {
                (4 | 7, b'-') => at += 1,
                (4 | 7, _) => return None,
                (_, b'0'..=b'9') => numbers[at] = 10 * numbers[at] + i16::from(byte - b'0'),
                _ => return None,
            }
        }
        let [year, month, day] = numbers;
        Date::new(year, month as u8, day as u8)
    }

    /// The date of a Unix time in seconds, in UTC.
    pub fn from_unix(seconds: i64) -> Date {
        Date::from_days(seconds.div_euclid(86_400))
    }

    /// The year.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The month, from 1.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// Days since 1970-01-01.
    pub fn to_days(self) -> i64 {
        // Civil-from-days by counting from March, so that the leap day is a year's last.
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((i64::from(self.month) + 9) % 12) + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The date that many days after 1970-01-01.
    pub fn from_days(days: i64) -> Date {
        let days = days + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = (of_year - (153 * shifted + 2) / 5 + 1) as u8;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 } as u8;
        let year = (year_of_era + era * 400 + i64::from(month <= 2)) as i16;
        Date { year, month, day }
    }
}

const fn days_in_month(year: i16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = Error;
    fn from_str(text: &str) -> Result<Date, Error> {
        Date::read(text).ok_or_else(|| no_date(text))
    }
}

/// The error for a text that is no day.
#[cold]
#[inline(never)]
pub(crate) fn no_date(text: &str) -> Error {
    let message = format_args!("{} is not a date", shown(text));
    Error::at(ErrorKind::InvalidRequest, "", message, format_args!("write it as `2026-11-21`"))
}

impl serde::Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Date {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Date".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "date"})
    }
}

impl<'de> serde::Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Date, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_a_century_survives_the_round_trip() {
        for days in -20_000..40_000 {
            let date = Date::from_days(days);
            assert_eq!(date.to_days(), days);
            assert_eq!(date.to_string().parse::<Date>().unwrap(), date);
        }
        assert_eq!(Date::new(1970, 1, 1).unwrap().to_days(), 0);
        assert_eq!(Date::from_unix(1_795_219_200).to_string(), "2026-11-21");
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in ["2026-02-29", "2026-13-01", "2026-1-1", "", "tomorrow", "2026-00-10"] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        assert!("2028-02-29".parse::<Date>().is_ok());
    }
}
