mod odd;
mod properties;
mod refusals;
