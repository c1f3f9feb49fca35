//! Every finding's words, and what must hold of every row and every name.

use proptest::prelude::*;

use super::row::Label;
use super::*;
use crate::generated::models::{DEPRECATED_NAMES, MOVED, SOURCES, USES};
use crate::json;

fn on(text: &str) -> Date {
    text.parse().unwrap()
}

/// What there is to read of a name: kind, what is sent, status, then a line for each finding.
fn read(name: &str, day: &str) -> String {
    let resolution = resolve_name(name, on(day));
    let status = resolution.status.as_deref().unwrap_or("unknown");
    let mut text = format!("{:?}, sent as `{}`, {status}", resolution.kind, resolution.sent_as);
    for finding in &resolution.findings {
        let hint = finding.hint.as_deref().unwrap_or("-");
        text += &format!("\n{:?} {}: {}; {hint}", finding.severity, finding.rule, finding.message);
    }
    text
}

fn today(name: &str) -> String {
    read(name, "2026-11-21")
}

#[test]
fn words_for_retired_models() {
    insta::assert_snapshot!(today("mistral-nemo-12b"), @r"
    Documented, sent as `open-mistral-nemo-2407`, retired
    Error retired_model: model `mistral-nemo-12b` (`open-mistral-nemo-2407`) was retired on 2026-07-31 and is replaced by `ministral-8b-2512`; use `ministral-8b-2512`
    Note documented_name: `mistral-nemo-12b` is printed in documentation, but not listed by the API: `open-mistral-nemo-2407` is sent; -
    ");
    insta::assert_snapshot!(today("devstral-small-2507"), @r"
    Id, sent as `devstral-small-2507`, retired
    Error retired_model: model `devstral-small-2507` was retired on 2026-05-31 and is replaced by `mistral-small-2603`; use `mistral-small-2603`
    Warning deprecated_alias: the name `devstral-small-2507` is deprecated; use `mistral-small-2603`
    ");
    insta::assert_snapshot!(today("labs-leanstral-1-5"), @r"
    Id, sent as `labs-leanstral-1-5`, retired
    Error retired_model: model `labs-leanstral-1-5` was retired on 2026-09-30; no replacement is named; `models.list()` shows the models that are served
    ");
    insta::assert_snapshot!(today("labs-leanstral-2603"), @r"
    Id, sent as `labs-leanstral-2603`, retired
    Error retired_model: model `labs-leanstral-2603` was retired on 2026-06-30, and `labs-leanstral-1-5`, which replaced it, on 2026-09-30 too; `models.list()` shows the models that are served
    ");
    insta::assert_snapshot!(today("mistral-next"), @r"
    Documented, sent as `mistral-next`, retired
    Error retired_model: model `mistral-next` was retired and is replaced by `mistral-large-2512`; use `mistral-large-2512`
    ");
}

#[test]
fn words_for_deprecated_models_and_names() {
    insta::assert_snapshot!(read("open-mistral-nemo", "2026-06-01"), @r"
    Alias, sent as `open-mistral-nemo`, deprecated
    Warning deprecated_model: model `open-mistral-nemo` (`open-mistral-nemo-2407`) is deprecated since 2026-05-22 and will be retired on 2026-07-31; use `ministral-8b-2512`
    ");
    insta::assert_snapshot!(today("mistral-large-latest"), @r"
    Floating, sent as `mistral-large-latest`, live
    Warning deprecated_alias: the name `mistral-large-latest` is deprecated, though the API still takes it; use `mistral-large-2512`
    Warning floating_alias: `mistral-large-latest` points to `mistral-large-2512` on 2026-11-21 and may move to another model; pin `mistral-large-2512`
    ");
    insta::assert_snapshot!(today("mistral-large"), @r"
    Documented, sent as `mistral-large-2512`, live
    Warning deprecated_alias: the name `mistral-large` is deprecated; use `mistral-large-2512`
    Note documented_name: `mistral-large` is printed in documentation, but not listed by the API: `mistral-large-2512` is sent; write `mistral-large-2512`
    ");
    insta::assert_snapshot!(today("magistral-small-latest"), @r"
    Floating, sent as `magistral-small-latest`, live
    Warning deprecated_alias: the name `magistral-small-latest` is deprecated, though the API still takes it; use `mistral-small-2603`
    Warning floating_alias: `magistral-small-latest` points to `mistral-small-2603` on 2026-11-21 and may move to another model; pin `mistral-small-2603`
    ");
    insta::assert_snapshot!(today("magistral-of-nowhere"), @r"
    Unknown, sent as `magistral-of-nowhere`, unknown
    Warning unknown_model: unknown model `magistral-of-nowhere`; it is sent as it is; a model may be younger than this catalogue
    Warning deprecated_alias: the name `magistral-of-nowhere` is deprecated; use an explicit versioned id
    ");
}

#[test]
fn words_for_names_that_move_or_are_only_printed() {
    insta::assert_snapshot!(today("codestral-latest"), @r"
    Floating, sent as `codestral-latest`, live
    Warning floating_alias: `codestral-latest` points to `codestral-2508` on 2026-11-21 and may move to another model; pin `codestral-2508`
    ");
    insta::assert_snapshot!(today("mistral-small-4"), @r"
    Documented, sent as `mistral-small-2603`, live
    Note documented_name: `mistral-small-4` is printed in documentation, but not listed by the API: `mistral-small-2603` is sent; write `mistral-small-2603`
    ");
    insta::assert_snapshot!(today("shieldstral-1-0"), @r"
    Documented, sent as `shieldstral-1-0`, weights_only
    Warning unknown_model: `shieldstral-1-0` is published as weights only: the API does not serve it; `models.list()` shows the models that are served
    ");
}

#[test]
fn words_for_unknown_models() {
    insta::assert_snapshot!(today("mistral-smal-4"), @r"
    Unknown, sent as `mistral-smal-4`, unknown
    Warning unknown_model: unknown model `mistral-smal-4`; did you mean `mistral-small-4`?
    ");
    let message = &resolve_name("\u{1b}[31m\n", AS_OF).findings[0].message;
    insta::assert_snapshot!(message, @r"unknown model `\u{1b}[31m\n`");
    insta::assert_snapshot!(today("quasar-1-0"), @r"
    Unknown, sent as `quasar-1-0`, unknown
    Warning unknown_model: unknown model `quasar-1-0`; it is sent as it is; a model may be younger than this catalogue
    ");
    insta::assert_snapshot!(today("claude-sonnet-5-5"), @r"
    Unknown, sent as `claude-sonnet-5-5`, unknown
    Warning unknown_model: unknown model `claude-sonnet-5-5`; write `anthropic/claude-sonnet-5-5` for the provider `anthropic`
    ");
    insta::assert_snapshot!(today("gemini/gemini-3.5-flash"), @r"
    Unknown, sent as `gemini-3.5-flash`, unknown
    Note unknown_model: unknown model `gemini-3.5-flash`; this catalogue has no models of `gemini`; the name is sent as it is
    ");
}

/// What a refused question says.
fn refused<T: std::fmt::Debug>(answer: Result<T>) -> String {
    answer.unwrap_err().to_string()
}

fn asked(text: &str) -> String {
    use crate::json::FromValue;
    refused(ResolveQuery::from_value(json::parse(text.as_bytes()).unwrap()).and_then(resolve))
}

#[test]
fn words_for_questions_that_do_not_fit() {
    insta::assert_snapshot!(asked("{}"), @"`name` is missing (at `name`); it is the model's name");
    insta::assert_snapshot!(asked("[]"), @"the parameter is an array, not an object");
    insta::assert_snapshot!(asked(r#"{"name": "x", "on": "soon"}"#), @"`soon` is not a date (at `on`); write it as `2026-11-21`");
    insta::assert_snapshot!(asked(r#"{"name": "x", "nmae": "x"}"#), @"unknown field `nmae` (at `nmae`); did you mean `name`?");
    insta::assert_snapshot!(asked(r#"{"name": "x", "provider": "mistrall"}"#), @"unknown provider `mistrall` (at `provider`); did you mean `mistral`?");
    insta::assert_snapshot!(asked(r#"{"name": "x", "severities": {"retired_modl": "off"}}"#), @"no rule `retired_modl` (at `severities`); did you mean `retired_model`?");
    insta::assert_snapshot!(asked(r#"{"name": "x", "severities": {"retired_model": "of"}}"#), @"`of` is no severity (at `severities.retired_model`); it is `error`, `warning`, `note` or `off`");
    insta::assert_snapshot!(asked(r#"{"name": "x", "overlay": {"models": {}}}"#), @"`overlay.models` is no list (at `overlay.models`)");
    insta::assert_snapshot!(asked(r#"{"name": "x", "overlay": {"models": [{"id": "y", "capabilities": ["visoin"]}]}}"#), @"no capability `visoin` (at `overlay.models[0].capabilities`); did you mean `vision`?");
    insta::assert_snapshot!(refused(list(ModelQuery { status: Some("lives".into()), ..ModelQuery::default() })), @"no status `lives` (at `status`); did you mean `live`?");
    insta::assert_snapshot!(refused(get(ResolveQuery { name: "mistral-smal-4".into(), ..ResolveQuery::default() })), @"unknown model `mistral-smal-4` (at `name`); did you mean `mistral-small-4`?");
    insta::assert_snapshot!(refused(recommend(RecommendQuery { purpose: "best".into(), on: None })), @"no model is recommended for `best` (at `use`); there are `default`, `agentic`, `multimodal`, `cheapest`, `code`, `code_agent`, `embedding`");
    insta::assert_snapshot!(refused(ModelId::new("a\nb")), @r"`a\nb` is no model name; it has white space at an end, control characters, or nothing at all");
}

#[test]
fn names_are_sorted_and_lead_to_their_models() {
    assert!(NAMES.iter().is_sorted_by(|a, b| a.name < b.name));
    let catalogue = Catalogue::snapshot();
    for row in MODELS.iter() {
        assert!(NAMES.get(&row.id).is_none(), "{}", row.id);
        assert_eq!(catalogue.find(&row.id), Some((row, Label::Id)));
        assert_eq!(find(&row.id), Some(row));
    }
    for name in NAMES.iter() {
        assert_eq!(catalogue.find(name.name), MODELS.get(name.model).map(|row| (row, name.label)));
    }
}

#[test]
fn rows_refer_to_what_there_is() {
    let catalogue = Catalogue::snapshot();
    for row in MODELS.iter() {
        assert!(provider_row(&row.provider).is_some(), "{}", row.id);
        assert!(row.replacement.as_deref().is_none_or(|id| catalogue.by_id(id).is_some()), "{}", row.id);
        assert!(!row.source.is_empty() && row.source.iter().all(|key| SOURCES.iter().any(|source| source.key == *key)));
        assert!(row.as_of <= AS_OF, "{}", row.id);
    }
    for row in &MOVED {
        assert_eq!(catalogue.find(row.name).unwrap().1, Label::Floating, "{}", row.name);
    }
}

#[test]
fn floating_names_end_where_the_table_of_names_says() {
    let catalogue = Catalogue::snapshot();
    for row in NAMES.iter().filter(|row| row.label == Label::Floating) {
        let resolution = resolve_name(row.name, AS_OF);
        assert_eq!(resolution.id.as_deref(), Some(&*MODELS.get(row.model).unwrap().id), "{}", row.name);
        let last = MOVED.iter().rev().find(|moved| moved.name == row.name);
        assert!(last.is_none_or(|moved| catalogue.find(row.name).unwrap().0.id == moved.to), "{}", row.name);
    }
}

#[test]
fn every_deprecated_name_is_warned_about() {
    for pattern in &DEPRECATED_NAMES {
        let catalogue = Catalogue::snapshot();
        let names = catalogue.names().into_iter().map(|(name, ..)| name).filter(|name| match pattern.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => name == pattern,
        });
        let findings: Vec<_> = names.map(|name| resolve_name(name, AS_OF).findings).collect();
        assert!(!findings.is_empty(), "{pattern}");
        for findings in findings {
            let finding = findings.iter().find(|finding| finding.rule == "deprecated_alias").unwrap();
            assert!(finding.hint.as_deref().is_some_and(|hint| hint.starts_with("use `")), "{pattern}: {:?}", finding.hint);
        }
    }
}

#[test]
fn recommended_models_live_or_have_a_successor() {
    for row in &USES {
        let answer = recommend(RecommendQuery { purpose: row.purpose.into(), on: None }).unwrap();
        assert_ne!(find(&answer.id).unwrap().status(AS_OF), Status::Retired, "{}", row.purpose);
    }
    // The note of `cheapest` names a model: it must be the one.
    let note = recommend(RecommendQuery { purpose: "cheapest".into(), on: None }).unwrap().note.unwrap();
    let chat = MODELS.iter().filter(|row| row.can("completion_chat") && row.status(AS_OF) == Status::Live);
    let price = |row: &ModelRow| Some(row.prices.input_per_mtok? + row.prices.output_per_mtok?);
    let cheapest = chat.filter_map(|row| Some((price(row)?, &row.id))).min().unwrap();
    assert!(note.contains(&format!("`{}`", cheapest.1)), "{note} {cheapest:?}");
}

#[test]
fn prices_change_on_their_days() {
    let large = find("mistral-large-4").unwrap();
    let input = |day| large.prices_on(on(day)).input_per_mtok;
    assert_eq!(input("2026-10-01"), Some(680_000_000));
    assert_eq!(input("2026-10-19"), Some(680_000_000));
    assert_eq!(input("2026-10-20"), Some(1_360_000_000));
    assert_eq!(input("2026-10-29"), Some(700_000_000));
}

#[test]
fn capabilities_go_to_names_and_back() {
    for row in MODELS.iter() {
        assert_eq!(row::Capabilities::from_names(row.capabilities.names()), Ok(row.capabilities));
    }
    assert_eq!(row::Capabilities::from_names(["vision", "smell"]), Err("smell"));
    assert!(!find("codestral-2508").unwrap().can("smell"));
}

#[test]
fn an_overlay_changes_what_it_names_and_nothing_else() {
    let rows = json::parse(br#"{"models": [{"id": "mistral-small-2603", "context": 7, "floating": ["small"]}]}"#).unwrap();
    let catalogue = Catalogue::over(Some(&rows)).unwrap();
    let (row, label) = catalogue.find("small").unwrap();
    assert_eq!(label, Label::Floating);
    let snapshot = find("mistral-small-2603").unwrap();
    assert_eq!(*row, ModelRow { context: Some(7), ..snapshot.clone() });
    assert_eq!(catalogue.rows().len(), MODELS.iter().count());
    assert_eq!(catalogue.find("mistral-small-latest").unwrap().0.context, Some(7));
}

/// Any JSON value, with the keys of an overlay among its keys.
fn any_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("1e999".to_owned()),
        any::<i64>().prop_map(|n| n.to_string()),
        "[a-z0-9.-]{0,12}".prop_map(|text| format!("\"{text}\"")),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let key = "models|id|name|provider|aliases|status|retires_on|context|prices|input_per_mtok|capabilities|[a-z]{1,6}";
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((key, inner), 0..4).prop_map(|pairs| {
                let pairs: Vec<String> = pairs.into_iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
                format!("{{{}}}", pairs.join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_overlay_is_laid_or_refused(models in prop::collection::vec(any_json(), 0..3), whole in any_json()) {
        for text in [format!("{{\"models\":[{}]}}", models.join(",")), whole] {
            let Ok(value) = json::parse(text.as_bytes()) else { continue };
            match Catalogue::over(Some(&value)) {
                Ok(catalogue) => prop_assert!(catalogue.rows().len() >= MODELS.iter().count()),
                Err(error) => prop_assert!(error.path.as_deref().is_some_and(|path| path.starts_with("overlay")), "{error}"),
            }
        }
    }

    #[test]
    fn any_name_is_answered(name in "\\PC{0,40}", days in -20_000i64..40_000, pin: bool, strict: bool) {
        let catalogue = Catalogue::snapshot();
        let mut resolver = Resolver::new(&catalogue, Date::from_days(days));
        (resolver.pin, resolver.strict) = (pin, strict);
        let resolution = resolver.resolve(&name, None);
        prop_assert_eq!(&resolution.requested, &name);
        prop_assert!(name.ends_with(&resolution.sent_as) || resolution.kind != NameKind::Unknown);
    }

    #[test]
    fn every_known_name_is_answered_on_any_day(at in 0..Catalogue::snapshot().names().len(), days in 16_000i64..24_000, pin: bool) {
        let catalogue = Catalogue::snapshot();
        let mut resolver = Resolver::new(&catalogue, Date::from_days(days));
        resolver.pin = pin;
        let (name, ..) = catalogue.names()[at];
        let resolution = resolver.resolve(name, None);
        prop_assert!(resolution.kind != NameKind::Unknown);
        let own = resolution.sent_as == name;
        prop_assert!(own || resolution.id.as_deref() == Some(&resolution.sent_as));
        let gone = resolution.status.as_deref() == Some("retired");
        prop_assert_eq!(gone, resolution.findings.iter().any(|finding| finding.rule == "retired_model"));
        prop_assert!(!(gone && resolution.pinned.is_some()));
    }
}
