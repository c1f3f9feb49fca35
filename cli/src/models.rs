//! `models`: the catalogue, on a terminal.

use comfy_table::{Table, presets};
use tramontane::catalogue::{Model, ModelQuery, Resolution, ResolveQuery, Status};
use tramontane::check::Severity;
use tramontane::json;

use crate::args::{Judging, Models, ModelsAction};
use crate::documents::today;
use crate::output::{BOLD, DIM, Failure, dollars, print, print_findings, print_tree};
use crate::{CLEAN, FOUND};

/// `tramontane models …`.
pub(crate) fn run(args: &Models, as_json: bool) -> Result<i32, Failure> {
    match &args.action {
        ModelsAction::List { provider, capability, status, all, on } => {
            let query = ModelQuery {
                provider: provider.clone(),
                capability: capability.clone(),
                status: status.clone(),
                on: Some(on.unwrap_or_else(today)),
                ..ModelQuery::default()
            };
            let mut models = tramontane::ops::models_list(query)?;
            models.retain(|model| *all || status.is_some() || model.status != Status::Retired);
            list(&models, as_json)
        }
        ModelsAction::Verify(verify) => crate::verify::run(verify, as_json),
        ModelsAction::Show { name } => show(name, as_json),
        ModelsAction::Resolve { names, judging } => resolve(names, judging, as_json),
    }
}

fn list(models: &[Model], as_json: bool) -> Result<i32, Failure> {
    if as_json {
        print(&json::to_value(models)?.to_string());
        return Ok(CLEAN);
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header([
        "model",
        "status",
        "context",
        "input / 1M",
        "output / 1M",
        "retires",
        "replacement",
    ]);
    for model in models {
        table.add_row([
            model.id.clone(),
            model.status.name().to_owned(),
            model.context.map(|tokens| tokens.to_string()).unwrap_or_default(),
            price(model.prices.input_per_mtok),
            price(model.prices.output_per_mtok),
            model.retires_on.map(|date| date.to_string()).unwrap_or_default(),
            model.replacement.clone().unwrap_or_default(),
        ]);
    }
    print(&table.trim_fmt());
    let as_of = tramontane::ops::models_as_of(Default::default())?;
    print(&format!("{DIM}{} models; snapshot of {as_of}{DIM:#}", models.len()));
    Ok(CLEAN)
}

fn price(nanos: Option<u64>) -> String {
    nanos.map(dollars).unwrap_or_default()
}

fn show(name: &str, as_json: bool) -> Result<i32, Failure> {
    let query = ResolveQuery { name: name.to_owned(), on: Some(today()), ..ResolveQuery::default() };
    let model = json::to_value(&tramontane::ops::models_get(query)?)?;
    if as_json {
        print(&model.to_string());
    } else {
        print_tree(&model, 0);
    }
    Ok(CLEAN)
}

fn resolve(names: &[String], judging: &Judging, as_json: bool) -> Result<i32, Failure> {
    let mut code = CLEAN;
    for name in names {
        let query = ResolveQuery {
            name: name.clone(),
            on: Some(judging.on.unwrap_or_else(today)),
            pin: judging.pin,
            strict: judging.strict,
            ..ResolveQuery::default()
        };
        let resolution = tramontane::ops::resolve(query)?;
        if resolution.findings.iter().any(|finding| finding.severity == Severity::Error) {
            code = FOUND;
        }
        if as_json {
            print(&json::to_value(&resolution)?.to_string());
        } else {
            print_resolution(&resolution);
        }
    }
    Ok(code)
}

fn print_resolution(resolution: &Resolution) {
    let status = resolution.status.as_deref().unwrap_or("not in the catalogue");
    // A name that the server refuses is not sent at all.
    let refused = resolution.findings.iter().any(|finding| finding.severity == Severity::Error);
    let verb = if refused { "means" } else { "is sent as" };
    print(&format!("{BOLD}{}{BOLD:#} {verb} {BOLD}{}{BOLD:#} ({status})", resolution.requested, resolution.sent_as));
    print_findings(&resolution.findings);
}
