/** What a statement writes, as far as its text says; nothing of one that only adds rows. */
export interface SqlWrite {
  readonly table: string;
  readonly columns: readonly string[];
  /** Columns that the condition compares. */
  readonly where: readonly string[];
}

const NAME = String.raw`(?:["\x60[]?[\w$]+["\x60\]]?\.)*["\x60[]?[\w$]+["\x60\]]?`;
const UPDATE = new RegExp(String.raw`\bupdate\s+(?:only\s+)?(${NAME})(?:\s+(?:as\s+)?(?!set\b)\w+)?\s+set\s+([\s\S]+)$`, 'i');
const INSERT = new RegExp(String.raw`\b(?:insert|replace|merge)\s+(?:ignore\s+)?into\s+(${NAME})\s*(?:as\s+\w+\s*)?\(([^)]*)\)`, 'i');
const ON_CONFLICT = /\bon\s+conflict\b[\s\S]*?\bdo\s+update\s+set\s+([\s\S]+)$|\bon\s+duplicate\s+key\s+update\s+([\s\S]+)$/i;

export function sqlWrite(text: string): SqlWrite | undefined {
  const insert = INSERT.exec(text);
  if (insert) {
    const [, table = '', list = ''] = insert;
    const conflict = ON_CONFLICT.exec(text);
    const sets = conflict?.[1] ?? conflict?.[2];
    if (sets !== undefined) return { table, columns: assigned(sets), where: columnsOf(list) };
    return /^\s*replace\b/i.test(text) ? { table, columns: columnsOf(list), where: columnsOf(list) } : undefined;
  }
  const update = UPDATE.exec(text);
  if (!update) return undefined;
  const [, table = '', rest = ''] = update;
  const [sets = '', condition = ''] = rest.split(/\bwhere\b/i);
  const columns = assigned(sets.split(/\b(?:from|returning)\b/i)[0] ?? sets);
  return columns.length > 0 ? { table, columns, where: compared(condition) } : undefined;
}

export function locksRows(text: string): boolean {
  return /\bfor\s+(?:no\s+key\s+)?update\b/i.test(text);
}

/** `a = $1, b = coalesce(?, b)`; a comma inside brackets parts nothing, and a hole that is no assignment says nothing. */
function assigned(sets: string): string[] {
  const parts = topLevel(sets);
  const names = parts.map((part) => new RegExp(String.raw`^\s*(${NAME})\s*=`).exec(part)?.[1]);
  return names.every((n) => n !== undefined) ? names.map(lastOf) : [];
}

function topLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === ',' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function columnsOf(list: string): string[] {
  const names = list.split(',').map((n) => n.trim());
  return names.every((n) => /^["'`[]?[\w$]+["'`\]]?$/.test(n)) ? names.map(lastOf) : [];
}

function compared(condition: string): string[] {
  return [...condition.matchAll(new RegExp(String.raw`(${NAME})\s*(?:=|in\b)`, 'gi'))].flatMap((m) => (m[1] ? [lastOf(m[1])] : []));
}

function lastOf(name: string): string {
  return (name.split('.').at(-1) ?? name).replaceAll(/["`[\]]/g, '');
}
