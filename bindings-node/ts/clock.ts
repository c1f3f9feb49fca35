// The only reader of the clock. `@tramontane/edge` has none, and puts its own file in this place.

/** The day, as far as it matters: models are retired by dates. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
