//! A small map of texts.

use std::fmt;

/// A map from texts to texts, in the order of its keys: for headers, parameters and settings, of which there are few.
///
/// A list, and not a tree of the standard library, which is a sizeable part of a small WebAssembly module.
///
/// ```
/// use tramontane::json::Texts;
/// let mut headers = Texts::from([("b", "2"), ("a", "1")]);
/// headers.insert("b".into(), "3".into());
/// assert_eq!(headers.get("b").map(String::as_str), Some("3"));
/// assert_eq!(headers.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Texts(Vec<(String, String)>);

impl Texts {
    /// An empty map.
    pub const fn new() -> Texts {
        Texts(Vec::new())
    }

    /// Sets the text of a key.
    #[inline(never)]
    pub fn insert(&mut self, key: String, text: String) {
        match self.place(&key) {
            Ok(at) => self.0[at].1 = text,
            Err(at) => self.0.insert(at, (key, text)),
        }
    }

    /// The text of a key.
    pub fn get(&self, key: &str) -> Option<&String> {
        self.place(key).ok().map(|at| &self.0[at].1)
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each key and its text.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &String)> {
        self.into_iter()
    }

    fn place(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(key))
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl Extend<(String, String)> for Texts {
    fn extend<I: IntoIterator<Item = (String, String)>>(&mut self, texts: I) {
        for (key, text) in texts {
            self.insert(key, text);
        }
    }
}

impl FromIterator<(String, String)> for Texts {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(texts: I) -> Texts {
        let mut map = Texts::new();
        map.extend(texts);
        map
    }
}

impl<K: Into<String>, T: Into<String>, const N: usize> From<[(K, T); N]> for Texts {
    fn from(texts: [(K, T); N]) -> Texts {
        texts.into_iter().map(|(key, text)| (key.into(), text.into())).collect()
    }
}

impl IntoIterator for Texts {
    type Item = (String, String);
    type IntoIter = std::vec::IntoIter<(String, String)>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'t> IntoIterator for &'t Texts {
    type Item = (&'t String, &'t String);
    type IntoIter = std::iter::Map<std::slice::Iter<'t, (String, String)>, fn(&'t (String, String)) -> (&'t String, &'t String)>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(key, text)| (key, text))
    }
}

impl serde::Serialize for Texts {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(self)
    }
}

impl<'de> serde::Deserialize<'de> for Texts {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Texts, D::Error> {
        std::collections::BTreeMap::<String, String>::deserialize(d).map(Texts::from_iter)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Texts {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Texts".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        std::collections::BTreeMap::<String, String>::json_schema(generator)
    }
}
