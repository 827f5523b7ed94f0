import { createRequire } from 'node:module';
import { UsageError } from '../errors.js';

/** JSON with comments and trailing commas, or YAML. */
export function readData(file: string, text: string, label: string): unknown {
  return /\.jsonc?$/.test(file) ? readJson(text, label) : readYaml(text, label);
}

/** `line:column` of what a path of keys leads to, or of as much of it as is there. */
export function placesIn(text: string): (keys: readonly PropertyKey[]) => string | undefined {
  const { LineCounter, isMap, isNode, isScalar, isSeq, parseDocument } = yaml();
  const lineCounter = new LineCounter();
  // Without its comments JSON is YAML.
  const document = parseDocument(/^\s*[{/]/.test(text) ? plainJson(text) : text, { lineCounter });
  return (keys) => {
    let node: unknown = document.contents;
    let offset = isNode(node) ? node.range?.[0] : undefined;
    for (const key of keys) {
      const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key)) : undefined;
      const found: unknown = pair ? pair.value : isSeq(node) ? node.items[Number(key)] : undefined;
      const named = pair && isNode(pair.key) ? pair.key : found;
      if (!isNode(named)) break;
      offset = named.range?.[0] ?? offset;
      node = found;
    }
    if (offset === undefined) return undefined;
    const { line, col } = lineCounter.linePos(offset);
    return `${line}:${col}`;
  };
}

function readJson(text: string, label: string): unknown {
  const plain = plainJson(text);
  if (plain.trim() === '') return undefined;
  try {
    return JSON.parse(plain);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const given = /at position (\d+)/.exec(message)?.[1];
    const before = plain.slice(0, given === undefined ? plain.length : Number(given)).split('\n');
    const place = `${before.length}:${(before.at(-1) ?? '').length + 1}`;
    throw new UsageError(`${label}:${place} is no JSON: ${message.replace(/ in JSON at position.*$/s, '')}`);
  }
}

function readYaml(text: string, label: string): unknown {
  const { LineCounter, parseDocument } = yaml();
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw new UsageError(`${label}:${line}:${col} is no YAML: ${error.message}`);
  }
  return document.toJS() ?? undefined;
}

/** The same text with its comments and trailing commas blanked, so that every offset stays. */
function plainJson(text: string): string {
  const blank = (all: string, kept: string | undefined) => kept ?? all.replaceAll(/[^\n]/g, ' ');
  return text
    .replace(/^\uFEFF/, ' ')
    .replaceAll(/("(?:\\.|[^"\\\n])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, blank)
    .replaceAll(/("(?:\\.|[^"\\\n])*")|(?<=["\w}\]]\s*),(?=\s*[}\]])/g, blank);
}

/** Required when the first data file is read: a run without one does not pay for it. */
function yaml(): typeof import('yaml') {
  return createRequire(import.meta.url)('yaml');
}
