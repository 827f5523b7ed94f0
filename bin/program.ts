import { Command, InvalidArgumentError, Option } from 'commander';
import type { ExplainOptions, LintOptions, ModelOptions, RulesOptions, TableOptions, WhyOptions } from './options.js';
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
  table(program);
  why(program);
  model(program);
  explain(program);
  rules(program);
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
    .addOption(new Option('-f, --format <format>', 'how to print').choices(['text', 'compact', 'json', 'markdown']).default('text'))
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
    .option('--no-table', 'leave the boundary table out')
    .option('--no-cache', 'analyse every file anew')
    .option('--allow-empty', 'accept a project in which no aggregates are recognised')
    .option('--fix', 'mend what can be mended safely and still compiles, then report what remains')
    .option('--unsafe', 'with --fix: also what changes an API or a behaviour')
    .option('--fix-only', 'like --fix, and do not fail for what remains')
    .option('--fix-one <fingerprint>', 'mend this one finding; the reports name its fingerprint')
    .option('--interactive', 'show each fix and ask before it is made')
    .option('--fix-dry-run', 'print what --fix would change as a unified diff, write nothing, exit 1 if there is anything')
    .option('--diff', 'the same as --fix-dry-run')
    .option('--force', 'let --unsafe change a working tree with uncommitted changes')
    .action(async (paths: string[], options: LintOptions) => (await import('./commands/lint.js')).run(paths, options));
}

function table(program: Command): void {
  project(program.command('table'))
    .description('show the consistency boundaries: what is inside each aggregate, and what crosses its line')
    .argument('[aggregate]', 'show this one in full')
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

function explain(program: Command): void {
  presented(program.command('explain'))
    .description('explain a rule, with a failing and a passing example')
    .argument('<rule>', 'its id')
    .action(async (id: string, options: ExplainOptions) => (await import('./commands/explain.js')).run(id, options));
}

function rules(program: Command): void {
  presented(program.command('rules'))
    .description('list the rules')
    .action(async (options: RulesOptions) => (await import('./commands/rules.js')).run(options));
}

function project(command: Command): Command {
  return presented(command)
    .option('--cwd <dir>', 'run as if started there', '.')
    .option('--config <file>', 'use this configuration instead of searching for one')
    .addOption(
      new Option('--types <source>', 'full asks the type checker where linking leaves a receiver open')
        .choices(['links', 'full'])
        .default('links'),
    );
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
