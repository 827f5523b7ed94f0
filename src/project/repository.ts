import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { toPosix } from './paths.js';

/**
 * The furthest directory that still belongs to this code: the git repository, else the outermost workspace root,
 * else the nearest package, else the nearest tsconfig, else the directory itself. Nothing above it is ever read: a package.json in somebody's
 * home directory governs nothing.
 */
export function repositoryRoot(directory: string): string {
  const up = chain(toPosix(path.resolve(directory)));
  return (
    up.find((each) => existsSync(`${each}/.git`)) ??
    up.findLast((each) => workspacePatterns(each).length > 0) ??
    up.find((each) => existsSync(`${each}/package.json`)) ??
    up.find((each) => existsSync(`${each}/tsconfig.json`)) ??
    up[0] ??
    directory
  );
}

/** The globs under which a directory declares its workspace packages; none where it is no workspace root. */
export function workspacePatterns(directory: string): readonly string[] {
  const pnpm = textOf(`${directory}/pnpm-workspace.yaml`);
  if (pnpm !== undefined) return packagesOfYaml(pnpm);
  const manifest = jsonOf(`${directory}/package.json`);
  const declared = manifest.workspaces;
  const patterns = strings(isRecord(declared) ? declared.packages : declared);
  if (patterns.length > 0) return patterns;
  const lerna = strings(jsonOf(`${directory}/lerna.json`).packages);
  return lerna.length > 0 ? lerna : rushProjects(textOf(`${directory}/rush.json`));
}

/** The object in a JSON file; empty where there is none to be had. */
export function jsonOf(file: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse((textOf(file) ?? '{}').replace(/^\uFEFF/, ''));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** The one list that matters in a pnpm-workspace.yaml, block or flow style; not worth a YAML parser. */
function packagesOfYaml(text: string): readonly string[] {
  const flow = /^packages:\s*\[([^\]]*)\]/m.exec(text)?.[1];
  if (flow !== undefined) return flow.split(',').map(unquoted).filter(Boolean);
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => /^packages:\s*(#.*)?$/.test(line));
  const patterns: string[] = [];
  for (const line of start < 0 ? [] : lines.slice(start + 1)) {
    const entry = /^\s*-\s+(.*)$/.exec(line)?.[1];
    if (entry !== undefined) patterns.push(unquoted(entry));
    else if (!/^\s*(#.*)?$/.test(line)) break;
  }
  return patterns.filter(Boolean);
}

/** Folders of the projects in a rush.json, its comments passed over. */
function rushProjects(text: string | undefined): readonly string[] {
  const found = (text ?? '').matchAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|"projectFolder"\s*:\s*"([^"]+)"|"(?:[^"\\\n]|\\.)*"/g);
  return [...found].flatMap(([, folder]) => (folder ? [folder] : []));
}

function unquoted(entry: string): string {
  const text = entry.trim();
  return /^(['"])(.*?)\1/.exec(text)?.[2] ?? text.replace(/\s+#.*$/, '');
}

function chain(directory: string): readonly string[] {
  const parent = path.posix.dirname(directory);
  return parent === directory ? [directory] : [directory, ...chain(parent)];
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
