mod captures;
mod vectors;
