// Amounts for people: whole nano-dollars in, dollars out.

/** Nano-dollars as dollars, with as many digits as say something. */
export function dollars(nano: number): string {
  const amount = nano / 1e9;
  if (amount === 0) return '$0';
  if (amount >= 0.01) return `$${amount.toFixed(amount >= 100 ? 0 : 2)}`;
  const digits = Math.min(9, 2 - Math.floor(Math.log10(amount)));
  return `$${amount.toFixed(digits).replace(/0+$/, '')}`;
}

/** A range, said once when both ends are the same. */
export function range(low: string, high: string): string {
  return low === high ? low : `${low} to ${high}`;
}

/** A whole number with its thousands apart. */
export function count(number: number): string {
  return number.toLocaleString('en');
}
