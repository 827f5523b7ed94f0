import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as whole from '@ts-morph/common';
import { globSync } from 'tinyglobby';
import { describe, expect, it } from 'vitest';
import { extractFacts } from '../src/facts/extract.js';
import { PARSER_NAMES } from '../src/facts/parser-names.js';

const ROOT = path.join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const bundle = require.resolve('@ts-morph/common/dist/typescript.js');
type Compiler = typeof whole.ts;
const compiler = require(bundle) as Compiler;
const cut = require(path.join(ROOT, 'dist/src/_parser.cjs')) as Compiler;

describe('the parser that the build cuts out of the compiler', () => {
  const files = globSync(['fixtures/*/catches-*/**/*.ts', 'fixtures/shop/**/*.ts', 'src/facts/*.ts', 'src/fix/**/*.ts'], { cwd: ROOT });

  it('makes the same trees and the same errors, of whole files and of torn ones', () => {
    expect(files.length).toBeGreaterThan(300);
    for (const file of files) {
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      for (const given of [text, text.slice(0, text.length * 0.7).replace(/[;{]/, ' @ ')])
        expect(tree(cut, file, given) === tree(compiler, file, given), file).toBe(true);
    }
  });

  it('gives the same facts: nothing is asked of a node that only the whole compiler adds to it', async () => {
    const built = (await import(path.join(ROOT, 'dist/src/_extract.js'))) as { readonly extractFacts: typeof extractFacts };
    for (const file of files) {
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      expect(JSON.stringify(built.extractFacts(file, text)) === JSON.stringify(extractFacts(file, text)), file).toBe(true);
    }
  });

  it('parses markup, JSON-like JavaScript and everything odd alike', () => {
    for (const text of [
      '<a.b {...c}>x{/* */}</a.b>',
      'let x = <T,>(y: T) => y',
      `\`$\{\`$\{a}\`}\``,
      'a?.[b]!.c<d>`e`',
      '/(?<y>\\d{4})[\\p{L}--a]/v',
      'enum A { "b" = 1 << 2 }',
      '@',
      '"\\u{110000}"',
      '1_0n ** 2',
      'accessor',
      'import x from "y" with { type: "json" }',
      '#!node\nfoo',
      '<<<<<<< a\n=======\n>>>>>>> b',
      'export = 1; declare module "x" { }',
      'using x = y; await using z = w',
    ])
      for (const file of ['a.ts', 'a.tsx', 'a.js', 'a.jsx', 'a.mts', 'a.d.ts'])
        expect(tree(cut, file, text) === tree(compiler, file, text), `${file} ${text}`).toBe(true);
  });

  it('is told by the build where it lacks a name', async () => {
    const { cutParser } = await import(path.join(ROOT, '.ci/cut-parser.mjs'));
    expect(() => cutParser(bundle, [...PARSER_NAMES, 'createParserOfTomorrow'])).toThrow(
      /declares no createParserOfTomorrow: see src\/facts\/parser-names.ts/,
    );
  });
});

/** Kinds, places and texts of all nodes, in order. */
function tree(
  { createSourceFile, forEachChild, ScriptTarget, flattenDiagnosticMessageText }: Compiler,
  file: string,
  text: string,
): string {
  const sourceFile = createSourceFile(file, text, ScriptTarget.Latest, false);
  const nodes: unknown[] = [];
  const pending: whole.ts.Node[] = [sourceFile];
  for (const node of pending) {
    nodes.push(node.kind, node.pos, node.end, node.flags, textOf(node));
    forEachChild(node, (child) => void pending.push(child));
  }
  const { parseDiagnostics } = sourceFile as unknown as { parseDiagnostics: readonly whole.ts.DiagnosticWithLocation[] };
  return JSON.stringify({
    nodes,
    errors: parseDiagnostics.map(({ start, length, messageText }) => [start, length, flattenDiagnosticMessageText(messageText, '\n')]),
  });
}

/** Literals carry their text; an identifier's is a getter that comes with the language service. */
function textOf(node: whole.ts.Node): unknown {
  const { escapedText, text } = node as { readonly escapedText?: unknown; readonly text?: unknown };
  return escapedText ?? text;
}
