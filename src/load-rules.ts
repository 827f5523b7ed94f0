import { readdir } from 'node:fs/promises';
import type { Rule } from './rule.js';

/** Finds the doctrine by convention: every module in `rules/` default-exports one rule, named like its file. */
export async function loadRules(directory: URL = new URL('../rules/', import.meta.url)): Promise<readonly Rule[]> {
  const files = (await readdir(directory)).filter((file) => /^[a-z][a-z-]*\.(?:js|ts)$/.test(file)).sort();
  const modules = await Promise.all(files.map((file) => import(new URL(file, directory).href) as Promise<{ default: Rule }>));
  return modules.map((module) => module.default);
}
