import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type Config, DEFAULT_CONFIG } from '../../src/config.js';
import { discoverProject, type Project } from '../../src/project/project.js';
import { createResolver } from '../../src/project/resolve.js';

export type Tree = Readonly<Record<string, string | Buffer | object>>;

/** A temporary repository holding these files; objects are written as JSON. */
export function tree(files: Tree): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'aggro-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(path.join(root, '.git'));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  }
  return root;
}

export interface Asked {
  readonly paths?: readonly string[];
  readonly cwd?: string;
  readonly config?: Partial<Config>;
}

export function discover(root: string, { paths = [], cwd = '.', config = {} }: Asked = {}): Project {
  return discoverProject({ cwd: path.join(root, cwd), paths, config: { ...DEFAULT_CONFIG, ...config } });
}

/** The program, relative to the root. */
export function filesOf(root: string, asked: Asked = {}): readonly string[] {
  return discover(root, asked).files.map((file) => path.posix.relative(root, file));
}

export function scopeOf(root: string, asked: Asked = {}): readonly string[] {
  const project = discover(root, asked);
  return project.files.filter(project.inScope).map((file) => path.posix.relative(root, file));
}

/** What specifiers mean in a file, relative to the root. */
export function resolverIn(root: string, asked: Asked = {}): (from: string, specifier: string) => string | undefined {
  const resolve = createResolver(discover(root, asked));
  return (from, specifier) => {
    const found = resolve(path.posix.join(root, from), specifier);
    return found === undefined ? undefined : path.posix.relative(root, found);
  };
}
