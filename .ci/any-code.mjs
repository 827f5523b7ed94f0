// Whatever lies in a directory and is TypeScript, tests, fixtures and declarations included: file by file against a stopwatch, then all of it as one project.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const LONGEST_MS = 2_000;
/** Longer than that is a hang: the file is given up. */
const HANG_MS = 20_000;
const PROJECT_MS = 600_000;

const dist = (name) => path.join(import.meta.dirname, '../dist/src', name);

/** Whether all went well; what happened is written to the standard output. */
export async function anyCode(directory) {
  const files = typescriptIn(directory);
  const apart = await eachFile(directory, files);
  const together = await asOneProject(directory, files);
  const { slowest } = apart;
  const complaints = [...apart.complaints, ...together.complaints];
  const name = path.basename(directory);
  const line = `${files.length} files in ${seconds(apart.ms)}, slowest ${Math.round(slowest.ms)} ms (${slowest.file}), ${apart.unparsed} with syntax errors`;
  process.stdout.write(`${complaints.length === 0 ? 'well' : 'FAILED'}  ${name}: ${line}; ${together.line}\n`);
  for (const complaint of complaints) process.stdout.write(`        ${complaint}\n`);
  return complaints.length === 0;
}

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

function typescriptIn(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name))
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .filter((file) => !/(?:^|\/)(?:node_modules|\.git)\//.test(file))
    .sort();
}

async function eachFile(directory, files) {
  const result = { ms: 0, unparsed: 0, slowest: { file: '', ms: 0 }, complaints: [] };
  let left = files;
  while (left.length > 0) {
    const answers = await fromWorker({ kind: 'files', directory, files: left }, HANG_MS);
    for (const { file, ms, errors, failure } of answers.said) {
      result.ms += ms;
      if (errors > 0) result.unparsed++;
      if (ms > result.slowest.ms) result.slowest = { file, ms };
      if (ms > LONGEST_MS) result.complaints.push(`${file} took ${seconds(ms)}`);
      if (failure) result.complaints.push(`${file}: ${failure}`);
    }
    left = left.slice(answers.said.length);
    if (answers.ended) continue;
    result.complaints.push(`${left[0]}: ${answers.failure}`);
    left = left.slice(1);
  }
  return result;
}

async function asOneProject(directory, files) {
  const started = performance.now();
  const { said, failure } = await fromWorker({ kind: 'project', directory, files }, PROJECT_MS);
  if (said.length === 0) return { line: 'nothing as one project', complaints: [`as one project: ${failure}`] };
  const { read, unparsed, aggregates, violations, complaints } = said[0];
  return {
    line: `as one project ${read} files, ${unparsed} told not to parse, ${aggregates} aggregates, ${violations} violations, ${seconds(performance.now() - started)}`,
    complaints,
  };
}

/** What a worker says until it is done, dies, or says nothing for so long. */
function fromWorker(data, silenceMs) {
  return new Promise((resolve) => {
    const said = [];
    const worker = new Worker(import.meta.filename, { workerData: data, resourceLimits: { maxOldGenerationSizeMb: 8_000 } });
    const end = (answer) => {
      clearTimeout(timer);
      worker.removeAllListeners();
      void worker.terminate();
      resolve({ said, ended: false, ...answer });
    };
    const late = () => end({ failure: `no answer within ${seconds(silenceMs)}` });
    let timer = setTimeout(late, silenceMs);
    worker.on('message', (answer) => {
      said.push(answer);
      clearTimeout(timer);
      timer = setTimeout(late, silenceMs);
    });
    worker.on('error', (error) => end({ failure: error.stack ?? String(error) }));
    worker.on('exit', (code) => end(code === 0 ? { ended: true } : { failure: `ended with ${code}` }));
  });
}

// ── in the worker ─────────────────────────────────────────────────────────────────────────────────────────────────

async function factsOfEach({ directory, files }) {
  const { extractFacts } = await import(dist('_extract.js'));
  const { readFileSync } = await import('node:fs');
  for (const file of files) {
    const text = readFileSync(path.join(directory, file), 'utf8');
    const started = performance.now();
    let errors = 0;
    let failure;
    try {
      errors = JSON.parse(JSON.stringify(extractFacts(file, text))).errors.length;
    } catch (error) {
      failure = error.stack;
    }
    parentPort.postMessage({ file, ms: performance.now() - started, errors, failure });
  }
}

async function projectOf({ directory, files }) {
  const { lint } = await import(dist('index.js'));
  const report = await lint({ cwd: directory, paths: files, config: false, baseline: false, preset: 'all' });
  const unparsed = report.notices.filter((notice) => / does not parse /.test(notice)).length;
  const complaints = report.failures.map(({ stage, subject, message }) => `${stage} ${subject}: ${message}`);
  parentPort.postMessage({ read: report.files, unparsed, aggregates: report.recognised, violations: report.violations.length, complaints });
}

if (!isMainThread) await (workerData.kind === 'files' ? factsOfEach(workerData) : projectOf(workerData));
