// Generated from core/data/rules.toml by `make generate`. Do not edit.

//! The rules that this command reports.

/// Each rule, and what it says, by name.
pub(super) const RULES: [(&str, &str); 6] = [
    ("deprecated_alias", "The name is on the list of names that new code should not use, though the server may still take it."),
    ("deprecated_model", "The model still answers, and has a day on which it will stop."),
    (
        "documented_name",
        "Articles or documentation print the name, but the API does not list it; the official id is sent instead.",
    ),
    ("floating_alias", "The name points to another model whenever the provider moves it."),
    ("retired_model", "The model was retired on or before this day: the server knows it no more."),
    ("unknown_model", "No model of this name is in the catalogue; it may be misspelt, or younger than the snapshot."),
];
