// `node .ci/soak.mjs [--edits N] [--seed N]`: a project is edited at random while `aggro --watch` looks on. Each report has to be that
// of a fresh run, and the memory that is left after a collection has to stay where it was.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const root = path.join(import.meta.dirname, '..');
const aggro = path.join(root, 'dist/bin/aggro.js');
const WAITS = 'Watching: r lints again';
const OPTIONS = ['-f', 'json', '--preset', 'all', '--allow-empty'];
const PATIENCE_MS = 30_000;
/** So many edits between two looks at the memory, and between two runs of a process of its own. */
const PROBE_EVERY = 10;
const FRESH_EVERY = 50;
const FLAT = 0.1;

/** Writes the memory in use, once collected, when it is asked to. */
const PROBE = `process.on('SIGUSR2', () => {
  global.gc();
  global.gc();
  const { rss, heapUsed } = process.memoryUsage();
  require('node:fs').appendFileSync(process.env.SOAK_LOG, JSON.stringify({ rss, heapUsed }) + '\\n');
});
`;

/** Whether all went well; what happened is written to the standard output. */
export async function soak({ edits, seed }) {
  const place = mkdtempSync(path.join(tmpdir(), 'aggro-soak-'));
  const cwd = path.join(place, 'project');
  const log = path.join(place, 'memory.jsonl');
  cpSync(path.join(root, 'fixtures/shop'), cwd, { recursive: true });
  mkdirSync(path.join(cwd, '.git'));
  writeFileSync(path.join(place, 'probe.cjs'), PROBE);
  const env = { ...process.env, NO_COLOR: '1', AGGRO_FORMAT: '', XDG_CACHE_HOME: path.join(place, 'cache'), SOAK_LOG: log };
  const watching = watch(cwd, env, path.join(place, 'probe.cjs'));
  const random = randomFrom(seed);
  const before = textsIn(cwd);
  const differing = [];
  const memory = [];
  const started = performance.now();
  let rounds = 0;
  try {
    await watching.until((report) => report !== undefined);
    for (let i = 1; i <= edits && differing.length < 5; i++) {
      const known = watching.rounds();
      const what = edit(cwd, before, random);
      const expected = await fresh(cwd);
      const got = await watching.until((report) => report === expected && watching.rounds() > known);
      if (watching.rounds() === known) differing.push(`edit ${i} (${what}): no report within ${PATIENCE_MS / 1000} s`);
      if (got !== expected) differing.push(`edit ${i} (${what}):\n  watched ${shortened(got)}\n  fresh   ${shortened(expected)}`);
      if (i % FRESH_EVERY === 0) {
        const whole = wholeReport(cwd, env);
        await watching.until(() => watching.whole() === whole);
        if (watching.whole() !== whole) differing.push(`edit ${i} (${what}): ${difference(watching.whole(), whole)}`);
      }
      if (i % PROBE_EVERY === 0) memory.push(await watching.memory(log, memory.length));
    }
    rounds = watching.rounds();
  } finally {
    await watching.end();
    rmSync(place, { recursive: true, force: true });
  }
  const isSame = differing.length === 0;
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`${isSame ? 'well' : 'FAILED'}  watch: ${edits} edits, ${rounds} reports, ${isSame ? 'each that of a fresh run' : `${differing.length} not that of a fresh run`}, ${seconds} s\n`);
  for (const each of differing) process.stdout.write(`        ${each}\n`);
  return flat(memory) && isSame;
}

/** The first tenth warms up; then the first quarter is held against the last. */
function flat(memory) {
  if (memory.length < 40) return true;
  const warm = memory.slice(Math.ceil(memory.length / 10));
  const quarter = Math.floor(warm.length / 4);
  return ['heapUsed', 'rss']
    .map((what) => {
      const [first, last] = [warm.slice(0, quarter), warm.slice(-quarter)].map((part) => median(part.map((each) => each[what])));
      const growth = last / first - 1;
      const isFlat = Math.abs(growth) <= FLAT;
      const megabytes = [first, last].map((bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`).join(' → ');
      process.stdout.write(`${isFlat ? 'well' : 'FAILED'}  watch: ${what === 'rss' ? 'resident' : 'heap'} ${megabytes} (${(growth * 100).toFixed(1)} %)\n`);
      return isFlat;
    })
    .every(Boolean);
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

// ── the two that are compared ─────────────────────────────────────────────────────────────────────────────────────

function watch(cwd, env, probe) {
  const child = spawn(process.execPath, ['--expose-gc', '--require', probe, aggro, '--watch', ...OPTIONS], { cwd, env });
  let said = '';
  let complaint = '';
  let last;
  let whole;
  let rounds = 0;
  let hasEnded = false;
  let wake = () => {};
  child.stdout.on('data', (chunk) => {
    said += chunk;
    wake();
  });
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
    wake();
  });
  const ended = new Promise((resolve) => child.once('close', resolve)).then(() => {
    hasEnded = true;
    wake();
  });

  /** Standard output and error arrive apart: rounds are over when all that they print is there. */
  const take = () => {
    const told = complaint.split(WAITS);
    const complete = told.slice(0, -1);
    const mistaken = complete.filter((each) => /^aggro: (?:aggro\.config\.json:|No TypeScript files)/m.test(each));
    const documents = said.split(/(?<=^\}\n)/m).filter((each) => each.endsWith('\n}\n'));
    if (complete.length === 0 || documents.length < complete.length - mistaken.length) return false;
    rounds += complete.length;
    const isMistake = mistaken.includes(complete.at(-1));
    whole = isMistake ? complete.at(-1).slice(complete.at(-1).indexOf('aggro: ')) : documents.at(-1);
    last = isMistake ? 'a mistake in the settings' : essence(JSON.parse(whole));
    complaint = told.at(-1);
    said = '';
    return true;
  };
  return {
    /** The first report that is as wished, or the last one within the time. */
    until: async (isWished) => {
      const deadline = Date.now() + PATIENCE_MS;
      while (!isWished(last) && Date.now() < deadline && !hasEnded) {
        if (take()) continue;
        await new Promise((resolve) => {
          const timer = setTimeout(resolve, 200);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      return last;
    },
    whole: () => withoutTime(whole),
    rounds: () => rounds,
    memory: async (log, known) => {
      child.kill('SIGUSR2');
      for (;;) {
        const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : [];
        if (lines.length > known) return JSON.parse(lines[known]);
        if (hasEnded) throw new Error('aggro --watch has ended');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    end: () => {
      child.stdin.write('q');
      return ended;
    },
  };
}

async function fresh(cwd) {
  const { lint, UsageError } = await import(path.join(root, 'dist/src/index.js'));
  try {
    const { files, violations, suppressed, recognised } = await lint({ cwd, preset: 'all' });
    const flattened = violations.map(({ at, ...violation }) => ({ ...violation, ...at }));
    return essence({ violations: flattened, suppressed, summary: { files, aggregates: recognised } });
  } catch (error) {
    if (error instanceof UsageError) return 'a mistake in the settings';
    throw error;
  }
}

function essence({ violations, suppressed, summary: { files, aggregates } }) {
  const found = violations.map(({ ruleId, severity, message, file, line, column }) => `${severity} ${ruleId} ${file}:${line}:${column} ${message}`);
  return JSON.stringify([files, aggregates, suppressed.length, found]);
}

function wholeReport(cwd, env) {
  const { stdout, stderr } = spawnSync(process.execPath, [aggro, '--no-cache', ...OPTIONS], { cwd, env, encoding: 'utf8', input: '' });
  return withoutTime(stdout || stderr);
}

function withoutTime(text = '') {
  return text.replace(/"durationMs": [\d.]+/, '').trim();
}

function difference(watched, fresh) {
  const [one, other] = [watched, fresh].map((text) => text.split('\n'));
  const at = one.findIndex((line, i) => line !== other[i]);
  return `line ${at + 1} of the report: watched ${one[at]}, fresh ${other[at]}`;
}

function shortened(text = 'nothing') {
  return text.length <= 400 ? text : `${text.slice(0, 400)}…`;
}

// ── edits ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const SETTINGS = [
  '{}',
  '{ "rules": { "small-aggregates": "off" } }',
  '{ "rules": { "no-such-rule": "off" } }',
  '{ "exclude": ["src/smart-home"] }',
  '{ "overrides": [{ "files": "src/ordering/**", "rules": { "no-public-mutable-state": "info" } }] }',
  '{ "rules": ',
];
const PIECES = ['readonly ', 'public ', ' = []', ' throw new Error();', '}', '{', '/** @entity */ ', '// aggro-disable-next-line', 'export class Odd { constructor(public id: string) {} }', '`', '\u2028'];

/** Says what it did; never writes what is there already. */
function edit(cwd, before, random) {
  const now = textsIn(cwd);
  const names = [...now.keys()];
  const any = (items) => items[Math.floor(random() * items.length)];
  const write = (file, text) => {
    if (now.get(file) === text) return undefined;
    mkdirSync(path.dirname(path.join(cwd, file)), { recursive: true });
    writeFileSync(path.join(cwd, file), text);
    return file;
  };
  // With the folder that was made for it, or the project would grow.
  const remove = (name) => rmSync(path.join(cwd, /^src\/new-/.test(name) ? path.dirname(name) : name), { recursive: true });
  const back = () => {
    const changed = [...new Set([...names, ...before.keys()])].filter((file) => now.get(file) !== before.get(file));
    for (const file of changed) {
      if (before.has(file)) write(file, before.get(file));
      else remove(file);
    }
    return changed.length > 0 ? `${changed.length} files as they were` : undefined;
  };
  const file = any(names.filter((name) => name.endsWith('.ts'))) ?? '';
  const text = now.get(file) ?? '';
  const lines = text.split('\n');
  const line = Math.floor(random() * lines.length);
  const choices = [
    () => write(file, lines.toSpliced(line, 1).join('\n')) && `a line less in ${file}`,
    () => write(file, lines.toSpliced(line, 0, any(lines)).join('\n')) && `a line more in ${file}`,
    () => {
      const at = Math.floor(random() * text.length);
      return write(file, text.slice(0, at) + any(PIECES) + text.slice(at)) && `something in ${file}`;
    },
    () => write(file, before.get(file) ?? '') && `${file} as it was`,
    () => write(`src/new-${Math.floor(random() * 1e9)}/made.ts`, text.replaceAll(/\b(class|interface) (\w+)/g, '$1 Other$2')) && 'a file more',
    () => {
      remove(file);
      return `${file} gone`;
    },
    () => {
      remove(file);
      return write(`src/moved-${Math.floor(random() * 1e9)}.ts`, text) && `${file} moved`;
    },
    () => write('aggro.config.json', any(SETTINGS)) && 'other settings',
    back,
  ];
  // What is spoilt is mended before long, so that there is something to find.
  if (random() < 0.15) return back() ?? edit(cwd, before, random);
  return (file && any(choices)()) || edit(cwd, before, random);
}

function textsIn(cwd) {
  const files = readdirSync(cwd, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && /\.(?:ts|json)$/.test(entry.name));
  return new Map(files.map((entry) => path.join(entry.parentPath, entry.name)).map((file) => [path.relative(cwd, file), readFileSync(file, 'utf8')]));
}

/** mulberry32 */
function randomFrom(seed) {
  let state = Number(seed) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { edits: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } } });
  process.exitCode = (await soak({ edits: Number(values.edits), seed: values.seed })) ? 0 : 1;
}
