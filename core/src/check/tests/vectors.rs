//! The vectors of `tests/vectors/check`, and whether every rule has its two.
