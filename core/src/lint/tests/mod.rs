mod languages;
mod places;
mod properties;
