use super::*;
use crate::policy::claim::Claim;
use crate::policy::limit::Limits;

const NOON: u64 = 1_795_262_400_000; // 2026-11-21 12:00 UTC
const EPOCH: i64 = 1_795_262_000_000;

fn member(limits: Limits, share: f64) -> Member {
    Member::new("count", "name".to_owned(), Limiter::new(limits.rules()), share)
}

fn per_second(limit: u64) -> Member {
    member(Limits { requests_per_second: Some(limit), ..Limits::default() }, 0.1)
}

fn applied(member: &Member, then: u64) -> Vec<Applied> {
    member.own.applied(NOON + then, "", &Claim::default())
}

/// Redis answers: the verdict, and what all have used, the spare and the fair part.
fn hear(member: &mut Member, then: u64, verdict: i64, numbers: [i64; 3]) -> Answer {
    let applied = applied(member, then);
    let message = member.message(&applied, then, NOON + then).unwrap();
    let now = i64::try_from(NOON + then).unwrap();
    let answer = [&[verdict, 7, now, EPOCH][..], &numbers].concat();
    member.answered(&message, &answer, &applied, then, NOON + then)
}

/// Redis is away, and is asked for in vain; then calls go alone as long as they may.
fn alone(member: &mut Member, then: u64) -> usize {
    member.is_away();
    let applied = applied(member, then);
    let message = member.message(&applied, then, NOON + then).unwrap();
    member.unanswered(&message, None);
    let _ = member.due(then, NOON + then, false);
    (0..1000).take_while(|_| member.alone(&applied, then, NOON + then).is_ok()).count()
}

#[test]
fn a_process_that_loses_redis_is_silent_then_replaces_its_own_then_takes_its_part() {
    let mut member = per_second(100);
    member.use_it(1000);
    assert!(matches!(hear(&mut member, 1000, 2, [0; 3]), Answer::Settling));
    for then in [1000, 1001, 1400] {
        assert!(matches!(hear(&mut member, then, 1, [90, 2, 13]), Answer::Go(_)));
    }
    assert_eq!(alone(&mut member, 1599), 0, "others may still be let go in its place");
    assert_eq!(alone(&mut member, 1600), 2, "three in the window, and two that are spare");
    assert_eq!(alone(&mut member, 2100), 2, "two of its own have left the window");
    assert_eq!(alone(&mut member, 2634), 1, "what went at 1400 and 1600 has left it");
    // All that Redis had let go has left the window: 13, of which 2 + 1 are used.
    assert_eq!(alone(&mut member, 2635), 10);
    assert_eq!(alone(&mut member, 10_000), 13);
}

#[test]
fn a_process_that_never_heard_of_redis_takes_its_share() {
    let mut first = per_second(100);
    assert_eq!(alone(&mut first, 100), 10);
    assert_eq!(alone(&mut first, 2000), 10);
    // A tenth of four in a second is two in five seconds.
    let mut slow = per_second(4);
    let went: usize = (0..200).map(|at| alone(&mut slow, 1000 + at * 50)).sum();
    assert_eq!(went, 4, "in ten seconds");
}

#[test]
fn nothing_goes_alone_while_an_answer_may_come() {
    let mut member = per_second(100);
    assert_eq!(alone(&mut member, 100), 10);
    let applied = applied(&member, 3000);
    let message = member.message(&applied, 3000, NOON + 3000).unwrap();
    assert!(member.message(&applied, 3000, NOON + 3000).is_none(), "one tells it all");
    assert_eq!(member.alone(&applied, 3000, NOON + 3000), Err(TURN));
    member.unanswered(&message, None);
    assert!(member.alone(&applied, 3000, NOON + 3000).is_ok());
    // It was stopped for two seconds: others may have been given what was its part.
    assert_eq!(member.alone(&applied, 5000, NOON + 5000), Err(TURN));
}

#[test]
fn a_message_that_got_lost_may_have_been_read() {
    let mut member = per_second(100);
    member.use_it(1000);
    let _ = hear(&mut member, 1000, 2, [0; 3]);
    let _ = hear(&mut member, 1000, 1, [90, 2, 13]);
    let applied = applied(&member, 1100);
    let message = member.message(&applied, 1100, NOON + 1100).unwrap();
    member.unanswered(&message, Some(1600));
    assert_eq!(alone(&mut member, 1700), 0);
    assert_eq!(alone(&mut member, 1800), 2, "one in the window, and two that are spare");
}

#[test]
fn a_new_count_is_told_what_the_old_one_knew() {
    let mut member = per_second(100);
    let _ = hear(&mut member, 1000, 2, [0; 3]);
    for then in [1000, 1001] {
        let _ = hear(&mut member, then, 1, [90, 0, 13]);
    }
    let applied = applied(&member, 1100);
    let message = member.message(&applied, 1100, NOON + 1100).unwrap();
    assert!(message.told.is_empty() && !message.tells_all);
    let settling = [2, 500, i64::try_from(NOON + 1100).unwrap(), EPOCH + 1];
    assert_eq!(member.answered(&message, &settling, &applied, 1100, NOON + 1100), Answer::Settling);
    // The old count has ended: its own calls are replaced at once.
    assert!(member.goes_alone());
    assert_eq!(alone(&mut member, 1100), 0);
    assert_eq!(alone(&mut member, 2036), 2);
    let message = member.message(&applied, 2040, NOON + 2040).unwrap();
    assert!(message.tells_all);
    let told: i64 = message.told.iter().map(|(_, more)| more).sum();
    assert_eq!(told, 4, "{:?}", message.told);
}

#[test]
fn of_a_month_the_sum_is_told_and_the_spare_is_taken() {
    let mut member = member(Limits { tokens_per_month: Some(1000), ..Limits::default() }, 0.1);
    let claim = Claim { prompt: 10, completion: Some(10), bounded: true, ..Claim::default() };
    let applied = member.own.applied(NOON, "", &claim);
    let ask = |member: &mut Member, verdict: i64, epoch: i64, used: i64| {
        let message = member.message(&applied, 5000, NOON).unwrap();
        let base = message.arguments[12].clone();
        let answer = [verdict, 7, i64::try_from(NOON).unwrap(), epoch, used, 50, 0];
        (member.answered(&message, &answer, &applied, 5000, NOON), base)
    };
    let _ = ask(&mut member, 2, EPOCH, 0);
    assert!(matches!(ask(&mut member, 1, EPOCH, 700), (Answer::Go(_), base) if base == "0"));
    assert_eq!(ask(&mut member, 2, EPOCH + 1, 0).0, Answer::Settling);
    let went = (0..10).take_while(|_| member.alone(&applied, 5000, NOON).is_ok()).count();
    assert_eq!(went, 2, "fifty tokens are spare");
    assert_eq!(ask(&mut member, 1, EPOCH + 1, 740).1, "700");
    assert_eq!(ask(&mut member, 1, EPOCH + 1, 760).1, "0");
}

#[test]
fn an_answer_that_was_long_on_its_way_counts_from_when_it_came() {
    let mut member = per_second(100);
    let _ = hear(&mut member, 1000, 2, [0; 3]);
    let _ = hear(&mut member, 1000, 1, [1, 0, 13]);
    let applied = applied(&member, 2000);
    let message = member.message(&applied, 2000, NOON + 2000).unwrap();
    let answer = [1, 0, i64::try_from(NOON + 2001).unwrap(), EPOCH, 5, 0, 13];
    let Answer::Go(grant) = member.answered(&message, &answer, &applied, 2100, NOON + 2100) else { panic!("it went") };
    let (asked, came) = ((NOON + 2001) / 5, (NOON + 2101) / 5);
    assert_eq!(grant.entries, [(0, came, 1)]);
    let message = member.message(&applied, 2101, NOON + 2101).unwrap();
    assert_eq!(message.told, [((0, asked), -1), ((0, came), 1)]);
}
