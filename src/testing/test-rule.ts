import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_CONFIG } from '../config.js';
import { lint } from '../lint.js';
import type { Rule } from '../rule.js';
import { faultsOf, watched } from '../rule-contract.js';
import { unmet } from './expectations.js';

export interface TestRuleOptions<Options extends object> {
  readonly options?: Partial<Options>;
}

/**
 * Runs one rule on a folder, or on sources by file name, and throws unless it finds exactly what their markers expect:
 *
 *     readonly tags: string[] = [];
 *     //       ^^^^ error: no-exposed-mutable-collections
 */
export async function testRule<Options extends object>(
  rule: Rule<Options>,
  code: string | URL | Readonly<Record<string, string>>,
  { options = {} }: TestRuleOptions<Options> = {},
): Promise<void> {
  const faults = faultsOf(rule);
  if (faults.length > 0) throw new Error(`This is no rule:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  if (code instanceof URL) return compare(rule, fileURLToPath(code), options);
  if (typeof code === 'string') return compare(rule, path.resolve(code), options);
  const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'aggro-rule-')));
  try {
    for (const [file, text] of Object.entries(code)) {
      mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
      writeFileSync(path.join(directory, file), text);
    }
    await compare(rule, directory, options);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function compare<Options extends object>(rule: Rule<Options>, cwd: string, options: Partial<Options>): Promise<void> {
  const { id, severity } = rule;
  const { violations, model } = await lint({
    cwd,
    paths: ['.'],
    // A rule takes the options that it declares; they are checked when it is chosen.
    rules: [watched(rule as unknown as Rule, id)],
    config: { ...DEFAULT_CONFIG, alone: true, rules: { [id]: { severity, options: { ...options }, at: 'testRule' } } },
  });
  const complaints = unmet(cwd, violations);
  if (complaints.length === 0) return;
  const hint =
    model.aggregates.length === 0 ? '\n\nNo aggregates are recognised in this code, so there may be nothing for the rule to find.' : '';
  throw new Error(`${id} does not find what the markers expect:\n\n${complaints.join('\n')}${hint}`);
}
