mod captures;
mod odd;
mod properties;
mod refusals;
mod vectors;
mod words;
