//! What the regional hosts of a provider do not do.

use super::findings::{Draft, Findings, rule};
use crate::catalogue::ProviderRow;
use crate::json::{Object, Path, Value};

/// Looks at a request to an operation of `resource` that goes to `region`.
#[inline(never)]
pub(super) fn check(request: &Object<'_>, resource: &str, row: &ProviderRow, region: &str, out: &mut Findings<'_>) {
    let root = Path::root();
    let kind = resource.split('.').next().unwrap_or_default();
    if row.regional_without.contains(&kind) {
        let message = format_args!("the `{region}` host of `{}` does not serve `{kind}`", row.id);
        out.add(&root, Draft::new(rule!("regional_host"), message).hint(format_args!("send it to `{}`", row.base_url)));
    }
    let tools = request.get("tools").and_then(Value::as_array).unwrap_or_default();
    for (at, tool) in tools.iter().enumerate() {
        let Some(other) = tool.get("type").and_then(Value::as_str).filter(|kind| !row.regional_tools.contains(kind)) else {
            continue;
        };
        if row.regional_tools.is_empty() {
            return;
        }
        let message = format_args!("the `{region}` host of `{}` takes no tools of type {}", row.id, crate::suggest::shown(other));
        let hint = format_args!("it takes `{}` only; send it to `{}`", row.regional_tools.join("`, `"), row.base_url);
        out.add(&root.key("tools").index(at).key("type"), Draft::new(rule!("regional_host"), message).hint(hint));
    }
}
