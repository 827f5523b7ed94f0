import { readdir } from 'node:fs/promises';
import { SUPPRESSION_RULES } from './allow/suppression-rules.js';
import type { Rule } from './rule.js';

/** The doctrine, and what is said about comments that suppress it. */
export async function loadRules(directory: URL = new URL('../rules/', import.meta.url)): Promise<readonly Rule[]> {
  return [...(await rulesIn(directory)), ...SUPPRESSION_RULES].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** By convention: every module default-exports one rule, named like its file. */
async function rulesIn(directory: URL): Promise<readonly Rule[]> {
  const files = (await readdir(directory)).filter((file) => /^[a-z][a-z-]*\.(?:js|ts)$/.test(file)).sort();
  const modules = await Promise.all(files.map((file) => import(new URL(file, directory).href) as Promise<{ default: Rule }>));
  return modules.map((module) => module.default);
}
