import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * A domain-driven codebase of so many files, the same every time: bounded contexts of eight aggregates, each aggregate with
 * entities, value objects, events, a repository, handlers, a mapper and a controller, and now and then a founding mistake.
 */
export function generate(directory: string, size: number): string {
  const written = new Map<string, string>(Object.entries(SHARED));
  for (let index = 0; written.size < size; index++) {
    for (const [file, text] of Object.entries(aggregate(index))) if (written.size < size) written.set(file, text);
  }
  for (const [file, text] of written) {
    const target = path.join(directory, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  writeFileSync(path.join(directory, 'tsconfig.json'), TSCONFIG);
  return directory;
}

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    strict: true,
    noEmit: true,
    target: 'ES2022',
    module: 'ESNext',
    moduleResolution: 'bundler',
    paths: { '@shared/*': ['./src/shared/*'] },
  },
  include: ['src'],
});

const SHARED: Readonly<Record<string, string>> = {
  'src/shared/domain/entity.ts': `export abstract class Entity<Id> {
  constructor(readonly id: Id) {}

  equals(other: Entity<Id>): boolean {
    return this.id === other.id;
  }
}
`,
  'src/shared/domain/aggregate-root.ts': `import type { DomainEvent } from './domain-event';
import { Entity } from './entity';

export abstract class AggregateRoot<Id> extends Entity<Id> {
  private recorded: DomainEvent[] = [];

  protected record(event: DomainEvent): void {
    this.recorded.push(event);
  }

  pullEvents(): readonly DomainEvent[] {
    const events = this.recorded;
    this.recorded = [];
    return events;
  }
}
`,
  'src/shared/domain/value-object.ts': `export abstract class ValueObject<Props extends object> {
  protected constructor(protected readonly props: Readonly<Props>) {}

  equals(other: ValueObject<Props>): boolean {
    return JSON.stringify(this.props) === JSON.stringify(other.props);
  }
}
`,
  'src/shared/domain/domain-event.ts': `export abstract class DomainEvent {
  readonly occurredAt = new Date();
}
`,
  'src/shared/domain/result.ts': `export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value });
export const fail = <E>(error: E): Result<never, E> => ({ ok: false, error });
`,
  'src/shared/application/event-bus.ts': `import type { DomainEvent } from '../domain/domain-event';

export interface EventBus {
  publish(events: readonly DomainEvent[]): Promise<void>;
}
`,
  'src/shared/infrastructure/database.ts': `export interface Row {
  readonly [column: string]: unknown;
}

export interface Database {
  one(sql: string, values: readonly unknown[]): Promise<Row | undefined>;
  many(sql: string, values: readonly unknown[]): Promise<readonly Row[]>;
  run(sql: string, values: readonly unknown[]): Promise<void>;
}
`,
  'src/shared/index.ts': `export { AggregateRoot } from './domain/aggregate-root';
export { DomainEvent } from './domain/domain-event';
export { Entity } from './domain/entity';
export { fail, ok, type Result } from './domain/result';
export { ValueObject } from './domain/value-object';
`,
};

const FIRST =
  'Annual Blanket Bulk Cargo Cash Chain Claim Coastal Credit Cross Daily Dealer Direct Export Field Final Fleet Freight Group Harbour Home Import Inland Joint Legal Local Loyal Market Media Night Office Partner Patent Pension Plant Prime Rail Region Retail Rural'.split(
    ' ',
  );
const SECOND =
  'Account Agreement Appeal Booking Budget Campaign Card Case Cheque Contract Course Delivery Deposit Device Dossier Exam Flight Grant Invoice Journey Lease Licence Listing Loan Meeting Mortgage Order Parcel Permit Plan Policy Project Quote Rental Repair Report Route Shift Ticket Voucher'.split(
    ' ',
  );

const nameOf = (index: number): string => `${FIRST[index % FIRST.length]}${SECOND[Math.floor(index / FIRST.length) % SECOND.length]}`;
const dashed = (name: string): string => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();

function aggregate(index: number): Record<string, string> {
  const name = nameOf(index);
  const file = dashed(name);
  const field = name.charAt(0).toLowerCase() + name.slice(1);
  const context = `src/context-${String(Math.floor(index / 8)).padStart(3, '0')}`;
  const domain = `${context}/domain/${file}`;
  const application = `${context}/application/${file}`;
  const infrastructure = `${context}/infrastructure/${file}`;
  // Its neighbour in the same context, if it has one.
  const other = index % 8 === 0 ? undefined : nameOf(index - 1);
  const otherFile = other === undefined ? '' : dashed(other);
  const held = other !== undefined && index % 10 === 3;
  const both = other !== undefined && index % 7 === 2;
  return {
    [`${domain}/${file}.ts`]: `import { AggregateRoot } from '@shared/index';
${other === undefined ? '' : held ? `import type { ${other} } from '../${otherFile}';\n` : `import type { ${other}Id } from '../${otherFile}';\n`}import { ${name}Closed } from './events/${file}-closed';
import { ${name}Opened } from './events/${file}-opened';
import type { ${name}Amount } from './${file}-amount';
import type { ${name}Id } from './${file}-id';
import { ${name}Line } from './${file}-line';
import { ${name}Period } from './${file}-period';

export class ${name} extends AggregateRoot<${name}Id> {
  private readonly lines = new Map<string, ${name}Line>();
  private status: 'open' | 'closed' = 'open';

  private constructor(
    id: ${name}Id,
    private period: ${name}Period,
    private limit: ${name}Amount,
${other === undefined ? '' : held ? `    private readonly ${other.charAt(0).toLowerCase()}${other.slice(1)}: ${other},\n` : `    private readonly ${other.charAt(0).toLowerCase()}${other.slice(1)}Id: ${other}Id,\n`}  ) {
    super(id);
  }

  static open(id: ${name}Id, period: ${name}Period, limit: ${name}Amount${other === undefined ? '' : `, other: ${other}${held ? '' : 'Id'}`}): ${name} {
    const opened = new ${name}(id, period, limit${other === undefined ? '' : ', other'});
    opened.record(new ${name}Opened(id));
    return opened;
  }

  addLine(key: string, amount: ${name}Amount, quantity: number): void {
    if (this.status === 'closed') throw new Error('${file} is closed');
    if (this.total() + amount.value * quantity > this.limit.value) throw new Error('over the limit');
    const present = this.lines.get(key);
    if (present) present.increase(quantity);
    else this.lines.set(key, new ${name}Line(key, amount, quantity));
  }

  extend(days: number): void {
    if (days <= 0) throw new Error('a period only grows');
    this.period = this.period.extendedBy(days);
  }

  close(): void {
    if (this.lines.size === 0) throw new Error('nothing to close');
    this.status = 'closed';
    this.record(new ${name}Closed(this.id, this.total()));
  }

  total(): number {
    return [...this.lines.values()].map((line) => line.total()).reduce((sum, each) => sum + each, 0);
  }

${index % 12 === 5 ? `  getLines(): Map<string, ${name}Line> {\n    return this.lines;\n  }` : `  getLines(): readonly ${name}Line[] {\n    return [...this.lines.values()];\n  }`}
}
`,
    [`${domain}/${file}-id.ts`]: `import { ValueObject } from '@shared/index';

export class ${name}Id extends ValueObject<{ value: string }> {
  static of(value: string): ${name}Id {
    if (value.trim() === '') throw new Error('an identifier is not blank');
    return new ${name}Id({ value });
  }

  get value(): string {
    return this.props.value;
  }
}
`,
    [`${domain}/${file}-line.ts`]: `import { Entity } from '@shared/index';
import type { ${name}Amount } from './${file}-amount';

export class ${name}Line extends Entity<string> {
  constructor(
    id: string,
    private readonly amount: ${name}Amount,
    private quantity: number,
  ) {
    super(id);
  }

  increase(by: number): void {
    if (by <= 0) throw new Error('a quantity only grows');
    this.quantity += by;
  }

  total(): number {
    return this.amount.times(this.quantity).value;
  }
}
`,
    [`${domain}/${file}-amount.ts`]: `import { ValueObject } from '@shared/index';

export class ${name}Amount extends ValueObject<{ value: number; currency: string }> {
  static of(value: number, currency = 'EUR'): ${name}Amount {
    if (value < 0) throw new Error('an amount is not negative');
    return new ${name}Amount({ value, currency });
  }

  get value(): number {
    return this.props.value;
  }

  times(factor: number): ${name}Amount {
    return ${name}Amount.of(this.props.value * factor, this.props.currency);
  }
}
`,
    [`${domain}/${file}-period.ts`]: `import { ValueObject } from '@shared/index';

export class ${name}Period extends ValueObject<{ from: Date; to: Date }> {
  static between(from: Date, to: Date): ${name}Period {
    if (from > to) throw new Error('a period ends after it starts');
    return new ${name}Period({ from, to });
  }

  extendedBy(days: number): ${name}Period {
    return ${name}Period.between(this.props.from, new Date(this.props.to.getTime() + days * 86_400_000));
  }
}
`,
    [`${domain}/events/${file}-opened.ts`]: `import { DomainEvent } from '@shared/index';
import type { ${name}Id } from '../${file}-id';

export class ${name}Opened extends DomainEvent {
  constructor(readonly ${field}Id: ${name}Id) {
    super();
  }
}
`,
    [`${domain}/events/${file}-closed.ts`]: `import { DomainEvent } from '@shared/index';
import type { ${name}Id } from '../${file}-id';

export class ${name}Closed extends DomainEvent {
  constructor(
    readonly ${field}Id: ${name}Id,
    readonly total: number,
  ) {
    super();
  }
}
`,
    [`${domain}/${file}.repository.ts`]: `import type { ${name} } from './${file}';
import type { ${name}Id } from './${file}-id';

export interface ${name}Repository {
  findById(id: ${name}Id): Promise<${name} | undefined>;
  save(${field}: ${name}): Promise<void>;
}
`,
    [`${domain}/index.ts`]: `export { ${name} } from './${file}';
export type { ${name}Repository } from './${file}.repository';
export { ${name}Amount } from './${file}-amount';
export { ${name}Id } from './${file}-id';
export { ${name}Line } from './${file}-line';
export { ${name}Period } from './${file}-period';
export * from './events/${file}-closed';
export * from './events/${file}-opened';
`,
    [`${application}/add-line.command.ts`]: `export class AddLineTo${name} {
  constructor(
    readonly ${field}Id: string,
    readonly key: string,
    readonly amount: number,
    readonly quantity: number,
  ) {}
}
`,
    [`${application}/add-line.handler.ts`]: `import type { EventBus } from '@shared/application/event-bus';
import { fail, ok, type Result } from '@shared/index';
import { ${name}Amount, ${name}Id, type ${name}Repository } from '../../domain/${file}';
import type { AddLineTo${name} } from './add-line.command';

export class AddLineTo${name}Handler {
  constructor(
    private readonly ${field}s: ${name}Repository,
    private readonly events: EventBus,
  ) {}

  async execute(command: AddLineTo${name}): Promise<Result<number, string>> {
    const ${field} = await this.${field}s.findById(${name}Id.of(command.${field}Id));
    if (!${field}) return fail('unknown ${file}');
    ${field}.addLine(command.key, ${name}Amount.of(command.amount), command.quantity);
    await this.${field}s.save(${field});
    await this.events.publish(${field}.pullEvents());
    return ok(${field}.total());
  }
}
`,
    [`${application}/close.handler.ts`]: `import type { EventBus } from '@shared/application/event-bus';
import { type ${name}, ${name}Id, type ${name}Repository } from '../../domain/${file}';
${both ? `import { ${other}Id, type ${other}Repository } from '../../domain/${otherFile}';\n` : ''}
export interface Close${name} {
  readonly ${field}Id: string;
${both ? '  readonly otherId: string;\n' : ''}}

export class Close${name}Handler {
  constructor(
    private readonly ${field}s: ${name}Repository,
${both ? `    private readonly others: ${other}Repository,\n` : ''}    private readonly events: EventBus,
  ) {}

  async execute(command: Close${name}): Promise<void> {
    const ${field} = await this.load(command.${field}Id);
    ${field}.close();
    await this.${field}s.save(${field});
${both ? `    const other = await this.others.findById(${other}Id.of(command.otherId));\n    if (!other) throw new Error('unknown');\n    other.extend(7);\n    await this.others.save(other);\n` : ''}    await this.events.publish(${field}.pullEvents());
  }

  private async load(id: string): Promise<${name}> {
    const found = await this.${field}s.findById(${name}Id.of(id));
    if (!found) throw new Error(\`no ${file} \${id}\`);
    return found;
  }
}
`,
    [`${application}/on-opened.handler.ts`]: `import type { ${name}Opened, ${name}Repository } from '../../domain/${file}';

export class Extend${name}OnOpened {
  constructor(private readonly ${field}s: ${name}Repository) {}

  async handle(event: ${name}Opened): Promise<void> {
    const ${field} = await this.${field}s.findById(event.${field}Id);
    if (${field} === undefined) return;
    ${field}.extend(1);
    await this.${field}s.save(${field});
  }
}
`,
    [`${application}/${file}.query.ts`]: `import type { Database } from '@shared/infrastructure/database';

export interface ${name}View {
  readonly id: string;
  readonly total: number;
  readonly lines: readonly { readonly key: string; readonly total: number }[];
}

export class Find${name}s {
  constructor(private readonly database: Database) {}

  async execute(status: 'open' | 'closed'): Promise<readonly ${name}View[]> {
    const rows = await this.database.many('select * from ${file.replaceAll('-', '_')} where status = $1', [status]);
    return rows.map((row) => ({ id: String(row.id), total: Number(row.total), lines: [] }));
  }
}
`,
    [`${infrastructure}/sql-${file}.repository.ts`]: `import type { Database } from '@shared/infrastructure/database';
import type { ${name}, ${name}Id, ${name}Repository } from '../../domain/${file}';
import { ${name}Mapper } from './${file}.mapper';

export class Sql${name}Repository implements ${name}Repository {
  private readonly mapper = new ${name}Mapper();

  constructor(private readonly database: Database) {}

  async findById(id: ${name}Id): Promise<${name} | undefined> {
    const row = await this.database.one('select * from ${file.replaceAll('-', '_')} where id = $1', [id.value]);
    return row && this.mapper.toDomain(row);
  }

  async save(${field}: ${name}): Promise<void> {
    const { id, total } = this.mapper.toRow(${field});
    await this.database.run('update ${file.replaceAll('-', '_')} set total = $2 where id = $1', [id, total]);
  }
}
`,
    [`${infrastructure}/${file}.mapper.ts`]: `import type { Row } from '@shared/infrastructure/database';
${other === undefined ? '' : `import { ${other}Id${held ? `, type ${other}` : ''} } from '../../domain/${otherFile}';\n`}import { ${name}, ${name}Amount, ${name}Id, ${name}Period } from '../../domain/${file}';

export class ${name}Mapper {
  toDomain(row: Row): ${name} {
    const period = ${name}Period.between(new Date(String(row.starts)), new Date(String(row.ends)));
    return ${name}.open(${name}Id.of(String(row.id)), period, ${name}Amount.of(Number(row.limit))${other === undefined ? '' : `, ${other}Id.of(String(row.other))${held ? ` as unknown as ${other}` : ''}`});
  }

  toRow(${field}: ${name}): { readonly id: string; readonly total: number } {
    return { id: ${field}.id.value, total: ${field}.total() };
  }
}
`,
    [`${context}/interface/${file}.controller.ts`]: `import { AddLineTo${name} } from '../application/${file}/add-line.command';
import type { AddLineTo${name}Handler } from '../application/${file}/add-line.handler';
import type { Close${name}Handler } from '../application/${file}/close.handler';
import type { AddLineTo${name}Dto, Close${name}Dto } from './${file}.dto';

export class ${name}Controller {
  constructor(
    private readonly adding: AddLineTo${name}Handler,
    private readonly closing: Close${name}Handler,
  ) {}

  async addLine(id: string, dto: AddLineTo${name}Dto): Promise<{ readonly total: number }> {
    const result = await this.adding.execute(new AddLineTo${name}(id, dto.key, dto.amount, dto.quantity ?? 1));
    if (!result.ok) throw new Error(result.error);
    return { total: result.value };
  }

  async close(id: string, dto: Close${name}Dto): Promise<void> {
    await this.closing.execute({ ${field}Id: id${both ? ", otherId: dto.otherId ?? ''" : ''} });
    if (dto.notify) await Promise.all(dto.notify.map(async (address) => address.toLowerCase()));
  }
}
`,
    [`${context}/interface/${file}.dto.ts`]: `export interface AddLineTo${name}Dto {
  readonly key: string;
  readonly amount: number;
  readonly quantity?: number;
}

export interface Close${name}Dto {
  readonly otherId?: string;
  readonly notify?: readonly string[];
}
`,
  };
}
