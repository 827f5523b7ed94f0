import { describe, expect, it, vi } from 'vitest';
import { tellFailures } from '../bin/failure.js';
import { DEFAULT_CONFIG } from '../src/config.js';
import type { FileFacts } from '../src/facts/facts.js';
import { lint } from '../src/lint.js';
import type { Rule } from '../src/rule.js';
import { scratch } from './support/scratch.js';

vi.mock('../src/facts/extract.js', async (original) => {
  const real = await original<typeof import('../src/facts/extract.js')>();
  return {
    ...real,
    extractFacts: (file: string, text: string): FileFacts => {
      if (file === 'cursed.ts') throw new Error('no such kind of node\u001b[2J');
      return real.extractFacts(file, text);
    },
  };
});

const classOf = (name: string) =>
  `/** @aggregateRoot */\nexport class ${name} {\n  constructor(public id: string) {}\n\n  name(): string {\n    return this.id;\n  }\n}\n`;
const rule = (id: string, check: Rule['check']): Rule => ({
  id,
  title: id,
  why: id,
  remedy: id,
  source: id,
  severity: 'error',
  preset: 'recommended',
  check,
});

describe('where aggro itself fails', () => {
  const linted = () =>
    lint({
      cwd: scratch({ 'cursed.ts': classOf('Cursed'), 'shelf.ts': classOf('Shelf') }),
      paths: [],
      config: DEFAULT_CONFIG,
      rules: [
        rule('fails', function* () {
          yield* [];
          throw new TypeError('x is undefined');
        }),
        rule('works', function* (model) {
          for (const { name, at } of model.aggregates) yield { at, symbol: name, message: name };
        }),
      ],
    });

  it('the other files and rules are reported', async () => {
    const { violations, failures } = await linted();
    expect(violations.map(({ ruleId, symbol }) => `${ruleId} ${symbol}`)).toEqual(['works Shelf']);
    expect(failures.map(({ stage, subject }) => `${stage} ${subject}`)).toEqual(['facts cursed.ts', 'rules fails']);
  });

  it('it says where, asks for a report, and ends with 2', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      tellFailures(await linted(), {});
      expect(said.mock.calls.join('')).toBe(
        'aggro: internal error (facts) in cursed.ts, which is left out: no such kind of node\\u001b[2J\n' +
          'aggro: internal error (rules) in fails, whose findings are missing: x is undefined\n' +
          'Run with --stack for the trace. That should not happen. Please report it, with what `aggro doctor` prints.\n',
      );
      expect(process.exitCode).toBe(2);
    } finally {
      said.mockRestore();
      process.exitCode = 0;
    }
  });
});
