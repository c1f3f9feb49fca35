//! Keys taken out of errors: some servers repeat them.

use super::keys::Key;
use crate::error::Fields;
use crate::json::Value;
use crate::secret::Secret;

/// What an error must not repeat: the key of the call, and every key that its pool has used.
#[derive(Clone, Debug, Default)]
pub(super) struct Redactor(Vec<Secret>);

impl Redactor {
    pub(super) fn new(key: Option<&Secret>, source: Option<&Key>) -> Redactor {
        Redactor(key.cloned().into_iter().chain(source.into_iter().flat_map(Key::used)).collect())
    }

    pub(super) fn redact(&self, error: &mut Fields) {
        for key in &self.0 {
            let texts = [&mut error.body, &mut error.hint, &mut error.code, &mut error.path, &mut error.request_id];
            for text in texts.into_iter().flatten().chain([&mut error.message]) {
                key.strike(text);
            }
            if let Some(partial) = error.partial.as_mut().filter(|partial| key.stands_in(&partial.to_string())) {
                strike(partial, key);
            }
        }
    }
}

fn strike(value: &mut Value<'static>, key: &Secret) {
    match value {
        Value::String(text) if key.stands_in(text) => key.strike(text.to_mut()),
        Value::Array(items) => items.iter_mut().for_each(|item| strike(item, key)),
        Value::Object(object) => object.iter_mut().for_each(|(_, item)| strike(item, key)),
        _ => {}
    }
}
