import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { FORMAT_NAMES } from '../src/report/format-names.js';
import type {
  BaselineAction,
  BaselineOptions,
  DoctorOptions,
  ExplainOptions,
  FactsOptions,
  InitOptions,
  LintOptions,
  ModelOptions,
  RulesOptions,
  TableOptions,
  WhyOptions,
} from './options.js';
import { version } from './package.js';

/** Commands and options. What a command does is loaded when it runs, so that `--help` costs nothing. */
export function buildProgram(): Command {
  const program = new Command('aggro')
    .description('Lints aggregate design in TypeScript: consistency boundaries, references by identity, one aggregate per transaction.')
    .version(version(), '-V, --version')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'aggro: ')) })
    .addHelpText('after', AFTER_HELP);
  lint(program);
  baseline(program);
  table(program);
  why(program);
  model(program);
  facts(program);
  explain(program);
  rules(program);
  init(program);
  doctor(program);
  completion(program);
  return program;
}

const AFTER_HELP = `
Examples:
  aggro src                      lint a folder: lint is the default command, aggro lint --help shows its options
  aggro table Order              the boundary of one aggregate, with all evidence
  aggro why OrderItem            how a class got its role
  aggro explain one-repo-per-root

Exit code: 0 clean, 1 violations, 2 could not lint.`;

function lint(program: Command): void {
  project(program.command('lint', { isDefault: true }))
    .description('find what breaks the rules, and show the consistency boundaries')
    .argument('[paths...]', 'files, folders or globs; by default what tsconfig.json names')
    .addOption(
      new Option('-f, --format <format[=file]>', 'how to print, and where; repeatable (default: text, or agent under a coding agent)')
        .env('AGGRO_FORMAT')
        .choices(FORMAT_NAMES)
        .argParser((value: string, previous: readonly string[] | undefined) => append(value, previous ?? [])),
    )
    .option('-o, --output <file>', 'write to a file instead of stdout')
    .addOption(new Option('--preset <preset>', 'which rules are on').choices(['recommended', 'strict', 'all']))
    .option(
      '--rule <id:severity>',
      'set the severity of a rule: off, info, warning or error; an id alone runs that rule only (repeatable)',
      append,
      [],
    )
    .addOption(new Option('--group <by>', 'how the text report is ordered').choices(['aggregate', 'file']).default('aggregate'))
    .option('--quiet', 'list errors only')
    .option('--max-warnings <count>', 'fail when there are more warnings', wholeNumber)
    .addOption(
      new Option('--fail-on <severity>', 'the least severity that fails the run').choices(['error', 'warning', 'info']).default('error'),
    )
    .option('--facts <dir...>', 'lint from what aggro facts wrote there instead of parsing again')
    .option('--watch', 'lint again whenever a file changes')
    .option('--exit-zero', 'end with 0 even when there are violations')
    .option('--statistics', 'count for each rule, instead of listing the findings')
    .option('--timing', 'say how long each stage and each rule took, on stderr')
    .option('--no-table', 'leave the boundary table out')
    .option('--table-diff <ref>', 'show which boundaries changed since a git ref, instead of the table')
    .option('--allow-empty', 'accept a project in which no aggregates are recognised')
    .addOption(
      new Option('--new-from <ref>', 'report only findings that are new since the branch left REF').conflicts(['changed', 'staged']),
    )
    .addOption(
      new Option(
        '--changed [ref]',
        'report only what is new, said otherwise or in changed files since REF (HEAD: what is uncommitted)',
      ).conflicts('staged'),
    )
    .addOption(
      new Option('--staged', 'the same for what is about to be committed: judges the index, not the working tree').conflicts([
        'fix',
        'fixOnly',
        'fixDryRun',
        'diff',
        'fixOne',
        'interactive',
      ]),
    )
    .option('--baseline <file>', 'a baseline other than the nearest .aggro-baseline.json')
    .option('--no-baseline', 'report what the baseline knows, too')
    .option('--ci', 'fail when the baseline has entries whose finding is gone')
    .option('--suppress <rule>', 'write a comment above each finding of this rule (repeatable); wants --reason', append, [])
    .option('--reason <text>', 'what such a comment says')
    .option('--print-config [file]', 'print the configuration that holds for a file, or here, and lint nothing')
    .option('--fix', 'mend what can be mended safely and still compiles, then report what remains')
    .option('--unsafe', 'with --fix: also what changes an API or a behaviour')
    .option('--fix-only', 'like --fix, and do not fail for what remains')
    .option('--fix-one <fingerprint>', 'mend this one finding; the reports name its fingerprint')
    .option('--interactive', 'show each fix and ask before it is made')
    .option(
      '--fix-dry-run',
      'write nothing and exit 1 if --fix would change anything: print the diff, or with -f sarif, json or rdjson report each finding with what its fix alone would replace',
    )
    .option('--diff', 'the same as --fix-dry-run')
    .option('--force', 'let --unsafe change a working tree with uncommitted changes')
    .action(async (paths: string[], options: LintOptions) => (await import('./commands/lint.js')).run(paths, options));
}

/** What an old codebase has is known; what is new is reported. */
function baseline(program: Command): void {
  project(program.command('baseline'))
    .description('keep the findings of today in .aggro-baseline.json, so that only new ones are reported')
    .addArgument(new Argument('<action>', 'what to do with it').choices(['create', 'update', 'prune', 'diff', 'status']))
    .option('--baseline <file>', 'another one than the nearest .aggro-baseline.json')
    .addOption(new Option('--preset <preset>', 'which rules are on').choices(['recommended', 'strict', 'all']))
    .option('--rule <id:severity>', 'set the severity of a rule: off, info, warning or error (repeatable)', append, [])
    .option('--force', 'let create replace one that is there')
    .addHelpText('after', BASELINE_HELP)
    .action(async (action: BaselineAction, options: BaselineOptions) => (await import('./commands/baseline.js')).run(action, options));
}

const BASELINE_HELP = `
Actions:
  create  write it
  update  write it anew: what is new is known from now on, what is gone leaves
  prune   take out what is gone, and add nothing
  diff    list what is new and what is gone; exit code 1 if there is any
  status  count what is known, new and gone, by rule`;

function table(program: Command): void {
  project(program.command('table'))
    .description('show the consistency boundaries: what is inside each aggregate, and what crosses its line')
    .argument('[aggregate]', 'show this one in full')
    .option('--diff <ref>', 'show what changed since a git ref: aggregates, members, references, writers')
    .option('--in <path...>', 'files, folders or globs to read')
    .addOption(new Option('-f, --format <format>', 'how to print').choices(['text', 'markdown', 'json']).default('text'))
    .option('-o, --output <file>', 'write to a file instead of stdout')
    .action(async (name: string | undefined, options: TableOptions) => (await import('./commands/table.js')).run(name, options));
}

function why(program: Command): void {
  project(program.command('why'))
    .description('say what role a class, type, field or handler has, and on what evidence')
    .argument('<name>', 'Order, Order.items or PlaceOrderHandler.execute')
    .option('--in <path...>', 'files, folders or globs to read')
    .action(async (name: string, options: WhyOptions) => (await import('./commands/why.js')).run(name, options));
}

function model(program: Command): void {
  project(program.command('model'))
    .description('print the whole domain model')
    .argument('[paths...]', 'files, folders or globs; by default what tsconfig.json names')
    .addOption(new Option('-f, --format <format>', 'how to print').choices(['json']).default('json'))
    .option('-o, --output <file>', 'write to a file instead of stdout')
    .action(async (paths: string[], options: ModelOptions) => (await import('./commands/model.js')).run(paths, options));
}

/** The first half of a lint, for one package of many. */
function facts(program: Command): void {
  project(program.command('facts'))
    .description('write what the files of a package say, for lint --facts of the whole')
    .argument('[paths...]', 'files, folders or globs; by default what tsconfig.json names')
    .option('-o, --output <file>', 'where to (default: .aggro/facts.tsv)')
    .action(async (paths: string[], options: FactsOptions) => (await import('./commands/facts.js')).run(paths, options));
}

function explain(program: Command): void {
  configured(program.command('explain'))
    .description('explain a rule, with a failing and a passing example')
    .argument('<rule>', 'its id')
    .action(async (id: string, options: ExplainOptions) => (await import('./commands/explain.js')).run(id, options));
}

function rules(program: Command): void {
  configured(program.command('rules'))
    .description('list the rules')
    .action(async (options: RulesOptions) => (await import('./commands/rules.js')).run(options));
}

function completion(program: Command): void {
  program
    .command('completion')
    .description('print a completion script for a shell')
    .addArgument(program.createArgument('<shell>', 'the shell that is to read it').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: 'bash' | 'zsh' | 'fish') => (await import('./commands/completion.js')).run(shell, program));
}

function init(program: Command): void {
  presented(program.command('init'))
    .description('look at the code, propose a configuration, and set up script, workflow and commit hook')
    .option('--cwd <dir>', 'run as if started there', '.')
    .option('-y, --yes', 'ask nothing and take what is proposed')
    .option('--dry-run', 'show what would be written, and write nothing')
    .option('--force', 'replace an aggro.config file that is there')
    .addOption(new Option('-f, --format <format>', 'how to write the configuration').choices(['json', 'ts']).default('json'))
    .action(async (options: InitOptions) => (await import('./commands/init.js')).run(options));
}

function doctor(program: Command): void {
  project(program.command('doctor'))
    .description('say what applies here and why, and what could not be made out')
    .argument('[paths...]', 'files, folders or globs; by default what tsconfig.json names')
    .addOption(new Option('-f, --format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('--print-config [file]', 'print the configuration that holds for a file, or here')
    .action(async (paths: string[], options: DoctorOptions) => (await import('./commands/doctor.js')).run(paths, options));
}

function project(command: Command): Command {
  return configured(command)
    .addOption(
      new Option('--types <source>', 'full asks the type checker where linking leaves a receiver open')
        .choices(['links', 'full'])
        .default('links'),
    )
    .option('--no-cache', 'analyse every file anew, and keep nothing')
    .option('--cache-location <dir>', 'keep what is known of unchanged files there (default: node_modules/.cache/aggro)');
}

function configured(command: Command): Command {
  return presented(command)
    .option('--cwd <dir>', 'run as if started there', '.')
    .option('--config <file>', 'use this configuration instead of searching for one')
    .option('--no-config', 'use none')
    .option('--config-json-only', 'refuse configurations and rules that are code');
}

function presented(command: Command): Command {
  return command
    .option('--color', 'colour the output')
    .option('--no-color', 'do not')
    .option('--stack', 'show the trace of an internal error');
}

function append(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(value);
}
