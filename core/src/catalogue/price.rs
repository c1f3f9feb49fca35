//! Prices: whole nano-dollars (10⁻⁹ USD) per unit.

use crate::date::Date;
use crate::packed;

/// The prices of a model in nano-dollars (10⁻⁹ USD); a price that is not known is absent.
///
/// ```
/// let small = tramontane::catalogue::find("mistral-small-2603").unwrap();
/// assert_eq!(small.prices.input_per_mtok, Some(150_000_000)); // $0.15 for a million tokens
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Prices {
    /// For a million tokens of input.
    pub input_per_mtok: Option<u64>,
    /// For a million tokens of input that the provider had in its cache.
    pub cached_input_per_mtok: Option<u64>,
    /// For a million tokens of output.
    pub output_per_mtok: Option<u64>,
    /// For a minute of audio.
    pub audio_per_minute: Option<u64>,
    /// For a page.
    pub per_page: Option<u64>,
    /// For a page with annotations.
    pub per_annotated_page: Option<u64>,
    /// For a million characters.
    pub per_mchar: Option<u64>,
}

impl Prices {
    /// No price at all.
    pub const NONE: Prices = Prices {
        input_per_mtok: None,
        cached_input_per_mtok: None,
        output_per_mtok: None,
        audio_per_minute: None,
        per_page: None,
        per_annotated_page: None,
        per_mchar: None,
    };

    /// Reads prices in the order of the fields, with commas between them.
    pub(crate) fn read(mut cell: &'static str) -> Prices {
        let mut prices = Prices::NONE;
        for (_, price) in prices.by_name() {
            *price = packed::number(packed::cut(&mut cell, b','));
        }
        prices
    }

    /// Each price, by the name of its field.
    pub(super) fn by_name(&mut self) -> [(&'static str, &mut Option<u64>); 7] {
        [
            ("input_per_mtok", &mut self.input_per_mtok),
            ("cached_input_per_mtok", &mut self.cached_input_per_mtok),
            ("output_per_mtok", &mut self.output_per_mtok),
            ("audio_per_minute", &mut self.audio_per_minute),
            ("per_page", &mut self.per_page),
            ("per_annotated_page", &mut self.per_annotated_page),
            ("per_mchar", &mut self.per_mchar),
        ]
    }
}

/// The prices that held from a day on, until the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PastPrice {
    /// The first day.
    pub from: Date,
    /// The prices.
    pub prices: Prices,
}

impl PastPrice {
    /// Reads `2025-01-01,100,,300|…`.
    pub(crate) fn read_all(mut cell: &'static str) -> &'static [PastPrice] {
        let mut all = Vec::new();
        while !cell.is_empty() {
            let mut row = packed::cut(&mut cell, b'|');
            let from = Date::read(packed::cut(&mut row, b','));
            all.extend(from.map(|from| PastPrice { from, prices: Prices::read(row) }));
        }
        all.leak()
    }
}

/// How list prices change with the way of the call, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Modifiers {
    /// Cached input, of the input price, where a model has no cached price of its own.
    pub cached_input: u32,
    /// The cache works in blocks of this many tokens.
    pub cache_block_tokens: u32,
    /// A batch.
    pub batch: u32,
    /// The priority tier, after the cache discount.
    pub priority: u32,
    /// A regional host.
    pub regional: u32,
}
