//! Chat, in Mistral's own terms: request, response, events.

pub mod collect;
