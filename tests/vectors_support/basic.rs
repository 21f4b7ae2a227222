//! Basic: the header, Zendesk's answers to it, and the dates on which API tokens end.

use crate::answers::{answer, user};
use crate::file::{Run, outcome, same, text};
use serde_json::Value;
use zendesk_auth::basic::{authorization, header, judge_user};
use zendesk_auth::retirement::{Change, basic_available, basic_days_left};
use zendesk_auth::secret::Secret;

pub fn basic_headers() -> Run {
    Run::of("basic-headers.json").each(|vector, _| {
        let made = match vector["userName"].as_str() {
            Some(user_name) => header(user_name, &Secret::new(text(vector, "password"))),
            None => authorization(text(vector, "email"), &Secret::new(text(vector, "apiToken"))),
        };
        same("header", made.expose(), text(vector, "header"))
    })
}

pub fn basic_users_me() -> Run {
    Run::of("basic-users-me.json").each(|vector, produced| {
        let (status, retry_after, body) = answer(vector);
        let Ok(got) = outcome(vector, judge_user(status, retry_after, &body), produced)? else { return Ok(()) };
        user(&vector["user"], got)
    })
}

pub fn retirement() -> Run {
    Run::of("retirement.json").each(|vector, _| {
        let now = milliseconds(text(vector, "now"));
        let holding = Change::ALL.into_iter().filter(|change| change.holds(now)).map(Change::date).map(Value::from);
        same("holds", holding.collect(), vector["holds"].clone())?;
        same("basicAvailable", basic_available(now).into(), vector["basicAvailable"].clone())?;
        same("basicDaysLeft", basic_days_left(now).into(), vector["basicDaysLeft"].clone())
    })
}

/// Counts the days one by one, so that the crate's own numbers of days are not taken for granted.
fn milliseconds(instant: &str) -> u64 {
    let number = |from: usize, to: usize| instant[from..to].parse::<u64>().expect("digits");
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let is_leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let length = |month: u64| match month {
        2 => 28 + u64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let before: u64 = (1970..year).map(|year| 365 + u64::from(is_leap(year))).sum();
    let days = before + (1..month).map(length).sum::<u64>() + day - 1;
    let seconds = days * 86_400 + number(11, 13) * 3600 + number(14, 16) * 60 + number(17, 19);
    seconds * 1000 + number(20, 23)
}
