//! The form of a request, as data: which fields there are, what they hold, which must be there.
//!
//! The tables are generated from the Rust types of [`crate::chat`] (`generated/shapes.rs`); the walker in this folder
//! compares a request with them and reports every difference at its path.

/// What a value may be.
#[derive(Debug)]
pub enum Shape {
    /// Anything.
    Any,
    /// A string.
    String,
    /// A boolean.
    Boolean,
    /// A whole number within bounds (both included).
    Integer {
        /// The least value, if there is one.
        min: Option<i64>,
        /// The greatest value, if there is one.
        max: Option<i64>,
    },
    /// A finite number within bounds (both included, unless `above` excludes the lower one).
    Number {
        /// The least value, if there is one.
        min: Option<f64>,
        /// The greatest value, if there is one.
        max: Option<f64>,
        /// Must be greater than this.
        above: Option<f64>,
    },
    /// One of these strings.
    Enum(&'static [&'static str]),
    /// An array of these.
    Array(&'static Shape),
    /// An object with keys of the caller's choice.
    Map(&'static Shape),
    /// An object with the fields of a table.
    Object(&'static ObjectShape),
    /// `null`, or this.
    Nullable(&'static Shape),
    /// An object whose string field `tag` says which table it follows.
    Tagged {
        /// The field that tells the variants apart.
        tag: &'static str,
        /// `(value of the tag, table)`
        variants: &'static [(&'static str, &'static ObjectShape)],
        /// Whether a tag that is not in the list is kept as it is.
        open: bool,
    },
    /// The first of these whose kind (string, array, object, …) fits the value.
    OneOf(&'static [Shape]),
}

/// An object's table of fields.
#[derive(Debug)]
pub struct ObjectShape {
    /// The type's name, for messages.
    pub name: &'static str,
    /// The fields; with a tagged shape, the tag is one of them.
    pub fields: &'static [Field],
}

/// A field of an object.
#[derive(Debug)]
pub struct Field {
    /// Its key.
    pub name: &'static str,
    /// What it may be.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
}
