mod odd;
#[cfg(feature = "refusals")]
mod properties;
#[cfg(feature = "refusals")]
mod refusals;
