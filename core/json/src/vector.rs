//! A row of numbers that stands in a tree as one value: an embedding, without a tree of its numbers.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::{digits, write};

/// What the numbers of a vector are, as the API calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Dtype {
    /// Floats of 32 bits.
    #[default]
    Float,
    /// Whole numbers from -128 to 127.
    Int8,
    /// Whole numbers from 0 to 255.
    Uint8,
    /// Eight bits a number, as whole numbers from -128 to 127.
    Binary,
    /// Eight bits a number, as whole numbers from 0 to 255.
    Ubinary,
}

impl Dtype {
    /// Every kind of numbers.
    pub const ALL: [Dtype; 5] = [Dtype::Float, Dtype::Int8, Dtype::Uint8, Dtype::Binary, Dtype::Ubinary];

    /// Its name, as data.
    pub const fn name(self) -> &'static str {
        match self {
            Dtype::Float => "float",
            Dtype::Int8 => "int8",
            Dtype::Uint8 => "uint8",
            Dtype::Binary => "binary",
            Dtype::Ubinary => "ubinary",
        }
    }

    /// The kind of this name.
    pub fn of(name: &str) -> Option<Dtype> {
        Dtype::ALL.into_iter().find(|dtype| dtype.name() == name)
    }

    /// How many bits of the embedding one number holds: 8 where they are packed, else 1 number is 1 dimension.
    pub const fn packed(self) -> usize {
        match self {
            Dtype::Binary | Dtype::Ubinary => 8,
            Dtype::Float | Dtype::Int8 | Dtype::Uint8 => 1,
        }
    }
}

/// The numbers of a vector, as they lie in memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Numbers<'v> {
    /// Of a `float`.
    Float(&'v [f32]),
    /// Of an `int8` or a `binary`.
    Signed(&'v [i8]),
    /// Of a `uint8` or a `ubinary`.
    Unsigned(&'v [u8]),
}

/// A list of numbers of one kind. What is done to it is told by the list itself, so that a program that makes no vectors does
/// not carry what writes them.
trait Row: Send + Sync {
    fn numbers(&self) -> Numbers<'_>;
    /// Writes them as JSON.
    fn write(&self, out: &mut Vec<u8>);
}

impl Row for Vec<f32> {
    fn numbers(&self) -> Numbers<'_> {
        Numbers::Float(self)
    }
    fn write(&self, out: &mut Vec<u8>) {
        list(out, self, |out, number| write::single(out, *number));
    }
}

impl Row for Vec<i8> {
    fn numbers(&self) -> Numbers<'_> {
        Numbers::Signed(self)
    }
    fn write(&self, out: &mut Vec<u8>) {
        list(out, self, |out, number| digits::signed(out, (*number).into()));
    }
}

impl Row for Vec<u8> {
    fn numbers(&self) -> Numbers<'_> {
        Numbers::Unsigned(self)
    }
    fn write(&self, out: &mut Vec<u8>) {
        list(out, self, |out, number| digits::unsigned(out, (*number).into()));
    }
}

fn list<T>(out: &mut Vec<u8>, numbers: &[T], write: impl Fn(&mut Vec<u8>, &T)) {
    out.push(b'[');
    for (at, number) in numbers.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(out, number);
    }
    out.push(b']');
}

/// Numbers of one kind, in one piece of memory. A clone shares it.
///
/// ```
/// use tramontane_json::Vector;
/// let vector = Vector::from(vec![0.5_f32, -0.25]);
/// assert_eq!(vector.floats(), Some([0.5, -0.25].as_slice()));
/// assert_eq!(vector.iter().sum::<f64>(), 0.25);
/// ```
#[derive(Clone)]
pub struct Vector {
    dtype: Dtype,
    row: Arc<dyn Row>,
}

impl Vector {
    /// The vector of whole numbers of a kind; `None` when it is [`Dtype::Float`], or a number is beyond the kind.
    pub fn integers(dtype: Dtype, numbers: &[i16]) -> Option<Vector> {
        let row: Arc<dyn Row> = match dtype {
            Dtype::Float => return None,
            Dtype::Int8 | Dtype::Binary => Arc::new(fitting::<i8>(numbers)?),
            Dtype::Uint8 | Dtype::Ubinary => Arc::new(fitting::<u8>(numbers)?),
        };
        Some(Vector { dtype, row })
    }

    /// The vector whose numbers lie in bytes, least byte first; `None` when the bytes do not come out even.
    pub fn from_bytes(dtype: Dtype, bytes: &[u8]) -> Option<Vector> {
        let row: Arc<dyn Row> = match dtype {
            Dtype::Float => {
                let (numbers, rest) = bytes.as_chunks::<4>();
                if !rest.is_empty() {
                    return None;
                }
                Arc::new(numbers.iter().map(|number| f32::from_le_bytes(*number)).collect::<Vec<f32>>())
            }
            Dtype::Int8 | Dtype::Binary => Arc::new(bytes.iter().map(|byte| byte.cast_signed()).collect::<Vec<i8>>()),
            Dtype::Uint8 | Dtype::Ubinary => Arc::new(bytes.to_vec()),
        };
        Some(Vector { dtype, row })
    }

    /// What its numbers are.
    pub fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// Its numbers.
    pub fn numbers(&self) -> Numbers<'_> {
        self.row.numbers()
    }

    /// Its numbers, when they are floats.
    pub fn floats(&self) -> Option<&[f32]> {
        match self.numbers() {
            Numbers::Float(numbers) => Some(numbers),
            _ => None,
        }
    }

    /// How many numbers it has.
    pub fn len(&self) -> usize {
        match self.numbers() {
            Numbers::Float(numbers) => numbers.len(),
            Numbers::Signed(numbers) => numbers.len(),
            Numbers::Unsigned(numbers) => numbers.len(),
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number at a place.
    pub fn get(&self, at: usize) -> Option<f64> {
        match self.numbers() {
            Numbers::Float(numbers) => numbers.get(at).map(|n| f64::from(*n)),
            Numbers::Signed(numbers) => numbers.get(at).map(|n| f64::from(*n)),
            Numbers::Unsigned(numbers) => numbers.get(at).map(|n| f64::from(*n)),
        }
    }

    /// Its numbers, one after another.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = f64> {
        (0..self.len()).map(|at| self.get(at).unwrap_or_default())
    }

    /// Writes its numbers as JSON.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        self.row.write(out);
    }

    /// Its bytes as base64, least byte first.
    pub fn to_base64(&self) -> String {
        let mut bytes = Vec::new();
        self.write_bytes(&mut bytes);
        crate::base64::encode(&bytes)
    }

    /// Appends its numbers to bytes, least byte first.
    pub fn write_bytes(&self, out: &mut Vec<u8>) {
        match self.numbers() {
            Numbers::Float(numbers) => {
                out.reserve(numbers.len() * 4);
                out.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
            }
            Numbers::Signed(numbers) => out.extend(numbers.iter().map(|number| number.cast_unsigned())),
            Numbers::Unsigned(numbers) => out.extend_from_slice(numbers),
        }
    }
}

impl From<Vec<f32>> for Vector {
    fn from(numbers: Vec<f32>) -> Vector {
        Vector { dtype: Dtype::Float, row: Arc::new(numbers) }
    }
}

impl PartialEq for Vector {
    fn eq(&self, other: &Vector) -> bool {
        self.dtype == other.dtype && self.numbers() == other.numbers()
    }
}

/// Numbers as a narrower kind; `None` when one is beyond it.
fn fitting<T: TryFrom<i16>>(numbers: &[i16]) -> Option<Vec<T>> {
    numbers.iter().map(|number| T::try_from(*number).ok()).collect()
}

impl Default for Vector {
    fn default() -> Vector {
        Vector::from(Vec::new())
    }
}

/// Short: what it is, and its first numbers.
impl fmt::Debug for Vector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vector({}[{}]", self.dtype.name(), self.len())?;
        for (at, number) in self.iter().take(3).enumerate() {
            write!(f, "{}{number:.6}", if at == 0 { ": " } else { ", " })?;
        }
        f.write_str(if self.len() > 3 { ", …)" } else { ")" })
    }
}

/// The name under which a vector goes through serde as itself, where the other side is a [`Value`](crate::Value).
pub const TOKEN: &str = "$tramontane::Vector";

thread_local! {
    /// The vector that is just going through serde, which has no way for a value that is neither number nor text. Whoever
    /// puts one here has the other side take it in the same call.
    static HANDED: Cell<Option<Vector>> = const { Cell::new(None) };
}

/// Lays a vector ready.
pub fn hand(vector: &Vector) {
    HANDED.set(Some(vector.clone()));
}

/// Takes the vector that was laid ready.
pub fn taken() -> Option<Vector> {
    HANDED.take()
}

struct List<'v>(&'v Vector);

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.0.numbers() {
            Numbers::Float(numbers) => s.collect_seq(numbers),
            Numbers::Signed(numbers) => s.collect_seq(numbers),
            Numbers::Unsigned(numbers) => s.collect_seq(numbers),
        }
    }
}

/// Numbers in a list, wherever it is written as text.
impl Serialize for Vector {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        hand(self);
        let done = s.serialize_newtype_struct(TOKEN, &List(self));
        drop(taken());
        done
    }
}

/// From a list of numbers, which become floats, or from a vector of a tree, which is shared.
impl<'de> Deserialize<'de> for Vector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Vector, D::Error> {
        deserializer.deserialize_newtype_struct(TOKEN, Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Vector;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of numbers")
    }
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vector, D::Error> {
        deserializer.deserialize_seq(Reader)
    }
    fn visit_unit<E: de::Error>(self) -> Result<Vector, E> {
        taken().ok_or_else(|| E::invalid_type(de::Unexpected::Unit, &Reader))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vector, A::Error> {
        let mut numbers = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(4096));
        while let Some(number) = seq.next_element::<f32>()? {
            numbers.push(number);
        }
        Ok(Vector::from(numbers))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Vector {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Vector".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "array", "items": {"type": "number"}, "x-vector": true})
    }
}
