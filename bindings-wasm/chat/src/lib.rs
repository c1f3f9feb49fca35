//! The small door to WebAssembly: a Mistral chat is checked and built, and nothing else. See `tramontane-wasm`.

use tramontane::ops::chat;
use tramontane_wasm_border::answer;

/// Runs `check` or `build` on a request that is text, under a policy that is text: `{"ok": …}` or `{"error": …}`.
// SAFETY: no other function of the module has this name.
#[unsafe(no_mangle)]
pub extern "C" fn call_request(name: usize, request: usize, policy: usize) -> *const u8 {
    answer([name, request, policy], |[name, request, policy]| match name {
        b"build" => chat::build_json(request, policy),
        _ => chat::check_json(request, policy),
    })
}
