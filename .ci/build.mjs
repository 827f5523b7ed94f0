// `npm run build`: compiles aside and then swaps, so that whoever runs `dist` meanwhile never meets half of it,
// and nothing that was deleted from the sources stays behind.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundle } from './bundle.mjs';
import { cutParser } from './cut-parser.mjs';
import { publish } from './publish.mjs';

const root = path.join(import.meta.dirname, '..');
const at = (...parts) => path.join(root, ...parts);
const next = at('node_modules', `.aggro-build-${process.pid}`);
const old = `${next}-old`;

const { status } = spawnSync(process.execPath, [at('node_modules/typescript/lib/tsc.js'), '-p', at('tsconfig.build.json'), '--outDir', next], {
  cwd: root,
  stdio: 'inherit',
});
try {
  if (status === 0) {
    copyFileSync(at('src/report/report.schema.json'), path.join(next, 'src/report/report.schema.json'));
    await publish(next, at('config.schema.json'));
    const { PARSER_NAMES } = await import(path.join(next, 'src/facts/parser-names.js'));
    const parser = cutParser(at('node_modules/@ts-morph/common/dist/typescript.js'), PARSER_NAMES);
    await bundle(next);
    writeFileSync(path.join(next, 'src/_parser.cjs'), parser);
    chmodSync(path.join(next, 'bin/aggro.js'), 0o755);
    mkdirSync(at('dist'), { recursive: true });
    renameSync(at('dist'), old);
    renameSync(next, at('dist'));
  }
} finally {
  rmSync(next, { recursive: true, force: true });
  rmSync(old, { recursive: true, force: true });
}
process.exitCode = status ?? 1;
