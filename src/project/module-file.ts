/** Which source a module path means, by TypeScript's rules. `has` knows the project's files; the disk is not asked. */
export function moduleFile(target: string, has: (file: string) => boolean): string | undefined {
  return candidates(target).find(has);
}

function candidates(target: string): readonly string[] {
  const path = target.replace(/\/+$/, '');
  const directory = EXTENSIONS.map((extension) => `${path}/index${extension}`);
  if (path !== target) return directory;
  const written = /\.[cm]?[jt]sx?$/.exec(path)?.[0];
  const stem = written === undefined ? path : path.slice(0, -written.length);
  return [
    path,
    ...(SOURCES_OF[written ?? ''] ?? []).map((extension) => stem + extension),
    ...EXTENSIONS.map((extension) => path + extension),
    ...directory,
  ];
}

const EXTENSIONS = ['.ts', '.tsx', '.d.ts', '.mts', '.cts', '.d.mts', '.d.cts'];

/** What an import of emitted code was written as. */
const SOURCES_OF: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.d.ts'],
  '.jsx': ['.tsx', '.d.ts'],
  '.mjs': ['.mts', '.d.mts'],
  '.cjs': ['.cts', '.d.cts'],
};
