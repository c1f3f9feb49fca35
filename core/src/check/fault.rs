//! What the server would say to each finding, kept only where somebody will ask for it.
//!
//! Only [`refusal`](super::refusal()) reads a fault. Without the feature `refusals` a fault is nothing at all, and the server's
//! sentences are not in the program: a module for browsers has no use for them.

#[cfg(feature = "refusals")]
pub(crate) use kept::{Fault, Place};
#[cfg(not(feature = "refusals"))]
pub(crate) use none::Fault;

#[cfg(feature = "refusals")]
mod kept {
    use std::fmt::Display;

    use crate::json::{Path, Segment, Value};

    /// What the server says to one finding.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) enum Fault {
        /// Nothing that is known.
        Nothing,
        /// The form is wrong: one entry of a 422's `detail`.
        Form {
            /// The kind, for example `extra_forbidden`.
            kind: &'static str,
            /// Where: keys and indexes from the body down.
            place: Vec<Place>,
            /// What is wrong.
            message: String,
            /// What stood there, where the server repeats it: scalars only.
            input: Option<Value<'static>>,
        },
        /// A rule is broken: a 400 with a type of its own.
        Rule {
            /// The type, for example `invalid_request_message_order`.
            kind: &'static str,
            /// The server's sentence.
            message: String,
        },
    }

    /// One step of a place in the body.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) enum Place {
        Key(String),
        Index(usize),
    }

    impl Fault {
        /// A fault of form at a path.
        pub(crate) fn form(kind: &'static str, path: &Path<'_>, message: impl Display) -> Fault {
            let place = path.segments().into_iter().map(|segment| match segment {
                Segment::Key(key) => Place::Key(key.chars().take(256).collect()),
                Segment::Index(index) => Place::Index(index),
            });
            Fault::Form { kind, place: place.collect(), message: message.to_string(), input: None }
        }

        /// Puts the role behind a message's index, as the server does: its form of a message is one of four, by role.
        pub(crate) fn below_role(mut self, request: &Value<'_>) -> Fault {
            if let Fault::Form { place, .. } = &mut self
                && let [Place::Key(messages), Place::Index(index), _, ..] = place.as_slice()
                && messages == "messages"
            {
                let message = request.get("messages").and_then(Value::as_array).and_then(|messages| messages.get(*index));
                let role = message.and_then(|message| message.get("role")).and_then(Value::as_str);
                if let Some(role @ ("system" | "user" | "assistant" | "tool")) = role {
                    place.insert(2, Place::Key(role.to_owned()));
                }
            }
            self
        }

        /// The value that the server repeats in its answer; left out where it is long.
        pub(crate) fn with_input(mut self, value: &Value<'_>) -> Fault {
            if let Fault::Form { input, .. } = &mut self {
                *input = match value {
                    Value::Null | Value::Bool(_) | Value::Number(_) => Some(value.clone().into_owned()),
                    Value::String(text) if text.len() <= 256 => Some(value.clone().into_owned()),
                    _ => None,
                };
            }
            self
        }

        /// A broken rule.
        pub(crate) fn rule(kind: &'static str, message: impl Display) -> Fault {
            Fault::Rule { kind, message: message.to_string() }
        }
    }
}

#[cfg(not(feature = "refusals"))]
mod none {
    use std::fmt::Display;

    use crate::json::{Path, Value};

    /// Nobody asks what the server would say.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) enum Fault {
        Nothing,
    }

    impl Fault {
        #[inline(always)]
        pub(crate) fn form(_: &'static str, _: &Path<'_>, _: impl Display) -> Fault {
            Fault::Nothing
        }
        pub(crate) fn below_role(self, _: &Value<'_>) -> Fault {
            self
        }
        #[inline(always)]
        pub(crate) fn with_input(self, _: &Value<'_>) -> Fault {
            self
        }
        #[inline(always)]
        pub(crate) fn rule(_: &'static str, _: impl Display) -> Fault {
            Fault::Nothing
        }
    }
}
