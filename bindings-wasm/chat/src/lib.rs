//! The small door to WebAssembly: a Mistral chat is checked and built, and nothing else. See `tramontane-wasm`.

use tramontane::ops::chat;
use wasm_bindgen::prelude::wasm_bindgen;

/// Runs `check` or `build` on a request that is text, under a policy that is text: `{"ok": …}` or `{"error": …}`.
#[wasm_bindgen(js_name = callRequest)]
pub fn call_request(name: &str, request: &str, policy: &str) -> String {
    match name {
        "build" => chat::build_json(request.as_bytes(), policy),
        _ => chat::check_json(request.as_bytes(), policy),
    }
}
