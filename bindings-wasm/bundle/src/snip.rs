//! Takes out of a module what nobody needs: the words of panics, and exports that only a linker reads.
//!
//! Nobody can read them: a panic in the module is a trap, and the façade makes an error of its own of it. But each place
//! that might panic carries a text, its file and its line, and the standard library's machinery to print them. Here the
//! functions that every panic goes through become a bare trap; wasm-opt then drops what only they needed.

use walrus::{Export, ExportId, ExportItem, FunctionBuilder, FunctionId, FunctionKind, Module};

use crate::Outcome;

/// What a panic goes through. A name matches when it is one of these, or goes on with `::`.
const PANICS: [&str; 14] = [
    "core::panicking",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::result::unwrap_failed",
    "core::slice::index::slice_index_fail",
    "core::slice::copy_from_slice_impl::len_mismatch_fail",
    "core::slice::sort::shared::smallsort::panic_on_ord_violation",
    "core::str::slice_error_fail",
    "core::cell::panic_already_borrowed",
    "core::cell::panic_already_mutably_borrowed",
    "alloc::raw_vec::handle_error",
    "alloc::alloc::handle_alloc_error",
    "std::panicking",
    "__rustc::rust_begin_unwind",
];

/// The module without them.
///
/// # Errors
/// When the module cannot be read.
pub fn snip(module: &[u8]) -> Outcome<Vec<u8>> {
    let mut module = Module::from_buffer(module).map_err(|e| format!("the module cannot be read: {e:#}"))?;
    for function in module.funcs.iter_mut() {
        function.name = function.name.as_deref().map(readable);
    }
    let doomed: Vec<FunctionId> = module
        .funcs
        .iter()
        .filter(|function| function.name.as_deref().is_some_and(is_panic) && matches!(function.kind, FunctionKind::Local(_)))
        .map(walrus::Function::id)
        .collect();
    for id in doomed {
        let FunctionKind::Local(local) = &module.funcs.get(id).kind else { continue };
        let (parameters, results) = module.types.params_results(local.ty());
        let (parameters, results, arguments) = (parameters.to_vec(), results.to_vec(), local.args.clone());
        let mut builder = FunctionBuilder::new(&mut module.types, &parameters, &results);
        builder.func_body().unreachable();
        module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(arguments));
    }
    // Where the data ends and the heap begins: what is called from outside are functions, and the memory is read.
    let markers: Vec<ExportId> =
        module.exports.iter().filter(|export| matches!(export.item, ExportItem::Global(_))).map(Export::id).collect();
    markers.into_iter().for_each(|marker| module.exports.delete(marker));
    Ok(module.emit_wasm())
}

fn is_panic(name: &str) -> bool {
    PANICS.iter().any(|known| name.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with("::")))
}

/// A function's name as the source has it, without the hashes of crates.
fn readable(name: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(name))
}

#[cfg(test)]
mod tests {
    use super::{is_panic, readable};

    #[test]
    fn panics_are_known_by_both_ways_to_mangle_names() {
        for name in [
            "_ZN4core9panicking9panic_fmt17h0123456789abcdefE",
            "_RNvNtCslyJCzxR1KCb_4core9panicking18panic_bounds_check",
            "_RNvNtCslyJCzxR1KCb_4core3str16slice_error_fail",
            "_RNvCs1a2b3c_7___rustc17rust_begin_unwind",
        ] {
            assert!(is_panic(&readable(name)), "{}", readable(name));
        }
        assert!(!is_panic("core::panicking_elsewhere::f") && !is_panic("<core::str::Chars as core::fmt::Debug>::fmt"));
    }
}
