// A prepared request as a command line.

import type { Prepared } from '@tramontane/edge';

/** The request for curl. The key stays in the environment. */
export function curl({ method, url, headers, body, auth }: Prepared): string {
  const credential = `${auth.header}: ${auth.scheme ? `${auth.scheme} ` : ''}$${auth.env}`;
  const lines = [`curl --request ${method} ${quoted(url)}`, `--header "${credential}"`];
  for (const [name, value] of Object.entries(headers)) lines.push(`--header ${quoted(`${name}: ${value}`)}`);
  if (body !== null) lines.push(`--data ${quoted(JSON.stringify(body))}`);
  return lines.join(' \\\n  ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
