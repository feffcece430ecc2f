// Makes a TypeScript module from a table of codes.json: an enum, and for close codes what to do after each.
//
//   node typescript.mjs generated/codes.json discord/v10/gateway-close-codes > gateway-close-code.ts

import { readFileSync } from 'node:fs';

const [file, path] = process.argv.slice(2);
const data = JSON.parse(readFileSync(file, 'utf8'));
if (data.version !== 1) throw new Error(`codes.json has version ${data.version}; this program reads version 1`);

const tables = new Map(data.editions.flatMap(({ system, edition, tables }) => tables.map(table => [`${system}/${edition}/${table.table}`, table])));
const table = tables.get(path);
if (!table) throw new Error(`there is no table ${path}; the tables are\n${[...tables.keys()].join('\n')}`);

// A comment ends at its end mark, wherever that comes from.
const comment = text => `/** ${text.replaceAll('*/', '* /')} */`;
const own = table.codes.filter(code => code.ident !== undefined);
const lines = [comment(`${table.title}, from ${table.source.document}, ${table.source.date}. Generated; do not edit.`)];
lines.push(`export enum ${table.enum} {`);
for (const code of own) lines.push(`  ${comment(code.summary ?? code.name)}`, `  ${code.ident} = ${code.value},`);
lines.push('}');

if (table.reconnect) {
  const short = ({ action, wait, reason, fix }) => ({ action, wait, reason, fix });
  const rows = table.reconnect.answers.map(({ from, to, policy }) => ({ from, to, policy: short(policy) }));
  lines.push(
    '',
    "export type Action = 'resume' | 'new-session' | 'stop';",
    "export type Wait = { kind: 'none' } | { kind: 'jitter' | 'backoff'; min: number; max: number };",
    'export interface Policy { readonly action: Action; readonly wait: Wait; readonly reason: string; readonly fix?: string }',
    '',
    `const rows: readonly { from: number; to: number; policy: Policy }[] = ${JSON.stringify(rows, null, 2)};`,
    `const absent: Policy = ${JSON.stringify(short(table.reconnect.absent))};`,
    `const unknown: Policy = ${JSON.stringify(short(table.reconnect.unknown))};`,
    '',
    comment('What to do after the connection ended: with this code, or without one.'),
    'export function policyFor(code: number | undefined): Policy {',
    '  if (code === undefined) return absent;',
    '  return rows.find(({ from, to }) => from <= code && code <= to)?.policy ?? unknown;',
    '}',
  );
}
console.log(lines.join('\n'));
