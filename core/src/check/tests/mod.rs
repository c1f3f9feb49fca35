mod odd;
mod properties;
#[cfg(feature = "refusals")]
mod refusals;
