// What the compiler made, module by module, put together: a hundred small files take longer to find and load than to run.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';

const ENTRIES = ['bin/aggro', 'src/index', 'src/testing/index'];
const ALL_RULES = 'rules/_all';

/** Replaces the modules below `dist` by the entries, the rules in one, and the chunks that they share; declarations stay. */
export async function bundle(dist) {
  const modules = filesIn(dist).filter((file) => file.endsWith('.js'));
  writeFileSync(path.join(dist, `${ALL_RULES}.js`), allRules(path.join(dist, 'rules')));
  // What each of them needs is needed by the next, too.
  const base = reached(dist, ['src/index.js']);
  const first = reached(dist, ['bin/cache.js', 'bin/channels.js']);
  const cached = reached(dist, ['src/cache/code-cache.js', 'src/cache/trace.js', 'src/cache/facts-store.js']);
  const edited = reached(dist, ['src/cache/edited.js', 'src/facts-of-text.js', 'src/project/read-source.js', 'src/facts/lines.js']);
  // Without the entry: it awaits what it loads, so nothing that it loads may import it.
  const cli = reached(dist, ['bin/program.js', 'bin/failure.js']);
  const start = reached(dist, ['bin/commands/rules.js', 'bin/commands/explain.js', `${ALL_RULES}.js`]);
  const engine = reached(dist, ['src/lint.js', 'bin/commands/lint.js', 'src/report/text.js']);
  const facts = reached(dist, ['src/facts/extract.js']);
  const fixing = reached(dist, ['bin/fixing.js']);
  const bundled = await rolldown({
    input: Object.fromEntries([...ENTRIES, ALL_RULES].map((name) => [name, path.join(dist, `${name}.js`)])),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
  });
  const { output } = await bundled.generate({
    format: 'esm',
    entryFileNames: '[name].js',
    // Beside the modules of src/, so that what a module finds relative to itself stays where it was.
    chunkFileNames: 'src/_[name].js',
    codeSplitting: {
      groups: [
        { name: 'base', test: (id) => base.has(id), priority: 7 },
        { name: 'first', test: (id) => first.has(id), priority: 6 },
        { name: 'edited', test: (id) => edited.has(id), priority: 5 },
        { name: 'cached', test: (id) => cached.has(id), priority: 5 },
        { name: 'cli', test: (id) => cli.has(id), priority: 4 },
        { name: 'start', test: (id) => start.has(id), priority: 3 },
        { name: 'engine', test: (id) => engine.has(id), priority: 2 },
        { name: 'facts', test: (id) => facts.has(id), priority: 1 },
        { name: 'fixing', test: (id) => fixing.has(id), priority: 0 },
      ],
    },
  });
  await bundled.close();
  for (const file of modules) rmSync(path.join(dist, file));
  for (const each of output) writeFileSync(path.join(dist, each.fileName), each.code);
}

function allRules(directory) {
  const files = readdirSync(directory).filter((file) => /^[a-z].*\.js$/.test(file));
  const imports = files.map((file, i) => `import rule${i} from './${file}';`);
  const entries = files.map((file, i) => `  ${JSON.stringify(file)}: rule${i},`);
  return `${imports.join('\n')}\n\nexport default {\n${entries.join('\n')}\n};\n`;
}

/** What the modules import at any remove, themselves included; what they load later is not. */
function reached(dist, from) {
  const found = new Set();
  const visit = (file) => {
    if (found.has(file) || !statSync(file, { throwIfNoEntry: false })) return;
    found.add(file);
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^;]*?\bfrom '(\.[^']+)';/gm))
      visit(path.resolve(path.dirname(file), specifier));
  };
  for (const each of from) visit(path.join(dist, each));
  return found;
}

function filesIn(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)));
}
