//! What filling in the middle asks of the model. A model that the catalogue does not know is let be.

use super::fault::Fault;
use super::findings::{Draft, Findings, rule};
use crate::catalogue::ModelRow;
use crate::catalogue::row::Capabilities;

/// Whether the model fills in the middle.
#[inline(never)]
pub(super) fn check(row: &ModelRow, out: &mut Findings<'_>) {
    // Of some old models, and of a user's own, nothing is written down.
    if row.capabilities.is_empty() || row.capabilities.has(Capabilities::COMPLETION_FIM) {
        return;
    }
    let message = format_args!("`{}` does not fill in the middle", row.id);
    let hint = format_args!("`models.list(capability=\"completion_fim\")` names models that do");
    let fault = Fault::rule("invalid_model", format_args!("Invalid model: {}", row.id));
    out.at("model", Draft::new(rule!("not_a_fim_model"), message).hint(hint).fault(fault));
}
