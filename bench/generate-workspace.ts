import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * A workspace of so many packages, the same every time: a kernel with the building blocks, and bounded contexts that each have an
 * aggregate, its repository and a handler. Each refers to the one before it, every third by the object itself; every fourth handler saves both.
 */
export function generateWorkspace(directory: string, packages: number): void {
  const contexts = Array.from({ length: packages - 1 }, (_, i) => i + 1);
  for (const [file, text] of [kernel(), ...contexts.map(context), root(contexts)].flatMap((files) => Object.entries(files))) {
    mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
    writeFileSync(path.join(directory, file), text);
  }
}

/** One more method in one package. */
export function editPackage(directory: string, i: number): void {
  const file = path.join(directory, `packages/context-${i}/src/account.ts`);
  writeFileSync(file, account(i).replace('  rename(', '  clear(): void {\n    this.name = "";\n  }\n\n  rename('));
}

const LINT = "aggro lint --facts 'packages/*' -f text --exit-zero";

type Files = Readonly<Record<string, string>>;

function root(contexts: readonly number[]): Files {
  const all = Object.fromEntries(['@acme/kernel', ...contexts.map((i) => `@acme/context-${i}`)].map((name) => [name, '*']));
  const sources = ['packages/*/src/**', 'packages/*/package.json', 'package.json', 'tsconfig.json', 'aggro.config.*'];
  return {
    'package.json': json({
      name: 'acme',
      private: true,
      packageManager: 'npm@10.9.0',
      workspaces: ['packages/*'],
    }),
    'packages/aggregates/package.json': json({
      name: '@acme/aggregates',
      version: '1.0.0',
      scripts: { aggro: `${LINT} --cwd ../.. -f json=packages/aggregates/aggro.json` },
      devDependencies: all,
    }),
    '.gitignore': 'node_modules\n.aggro\n.turbo\n.nx\naggro.json\n',
    'tsconfig.json': json({ compilerOptions: { strict: true, noEmit: true, module: 'ESNext', moduleResolution: 'bundler' } }),
    'turbo.json': json({
      tasks: {
        facts: { inputs: ['src/**', 'package.json'], outputs: ['.aggro/**'] },
        aggro: { dependsOn: ['^facts'], inputs: ['package.json', '$TURBO_ROOT$/tsconfig.json'], outputs: ['aggro.json'] },
      },
    }),
    'nx.json': json({
      analytics: false,
      targetDefaults: {
        facts: { cache: true, inputs: ['{projectRoot}/src/**/*', '{projectRoot}/package.json'], outputs: ['{projectRoot}/.aggro'] },
      },
    }),
    'project.json': json({
      name: 'acme',
      targets: {
        aggro: {
          command: `${LINT} -f json=packages/aggregates/aggro.json`,
          dependsOn: [{ projects: '@acme/*', target: 'facts' }],
          cache: true,
          inputs: sources.map((glob) => `{workspaceRoot}/${glob.replace('**', '**/*')}`),
          outputs: ['{workspaceRoot}/packages/aggregates/aggro.json'],
        },
      },
    }),
  };
}

function kernel(): Files {
  return {
    ...manifest('kernel', {}),
    'packages/kernel/src/index.ts': `export abstract class Entity {
  constructor(readonly id: string) {}
}

export abstract class AggregateRoot extends Entity {}
`,
  };
}

function context(i: number): Files {
  const at = `packages/context-${i}`;
  return {
    ...manifest(`context-${i}`, { '@acme/kernel': '*', ...(i > 1 && { [`@acme/context-${i - 1}`]: '*' }) }),
    [`${at}/src/index.ts`]: `export * from './account';\nexport * from './account-repository';\n`,
    [`${at}/src/account.ts`]: account(i),
    [`${at}/src/account-repository.ts`]: `import type { Account${i} } from './account';

export interface Account${i}Repository {
  find(id: string): Promise<Account${i}>;
  save(account: Account${i}): Promise<void>;
}
`,
    [`${at}/src/rename-account-handler.ts`]: handler(i),
  };
}

function account(i: number): string {
  const before = i === 1 ? '' : `import type { Account${i - 1} } from '@acme/context-${i - 1}';\n`;
  const field =
    i === 1
      ? ''
      : i % 3 === 0
        ? `    private readonly before: Account${i - 1},\n`
        : `    private readonly beforeId: Account${i - 1}['id'],\n`;
  return `${before}import { AggregateRoot, Entity } from '@acme/kernel';

export class Entry extends Entity {
  constructor(
    id: string,
    readonly amount: number,
  ) {
    super(id);
  }
}

export class Account${i} extends AggregateRoot {
  private readonly entries: Entry[] = [];

  constructor(
    id: string,
    private name: string,
${field}  ) {
    super(id);
  }

  rename(name: string): void {
    if (name === '') throw new Error('a name is not empty');
    this.name = name;
  }

  enter(id: string, amount: number): void {
    if (this.entries.length > 99) throw new Error('full');
    this.entries.push(new Entry(id, amount));
  }
}
`;
}

function handler(i: number): string {
  const both = i > 1 && i % 4 === 0;
  const other = i - 1;
  return `${both ? `import type { Account${other}Repository } from '@acme/context-${other}';\n` : ''}import type { Account${i}Repository } from './account-repository';

export class RenameAccount${i}Handler {
  constructor(
    private readonly accounts: Account${i}Repository,
${both ? `    private readonly others: Account${other}Repository,\n` : ''}  ) {}

  async execute(command: { readonly id: string; readonly name: string }): Promise<void> {
    const account = await this.accounts.find(command.id);
    account.rename(command.name);
    await this.accounts.save(account);
${both ? '    const other = await this.others.find(command.id);\n    other.rename(command.name);\n    await this.others.save(other);\n' : ''}  }
}
`;
}

function manifest(name: string, dependencies: Files): Files {
  return {
    [`packages/${name}/package.json`]: json({
      name: `@acme/${name}`,
      version: '1.0.0',
      type: 'module',
      exports: './src/index.ts',
      scripts: { facts: 'aggro facts' },
      dependencies,
    }),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
