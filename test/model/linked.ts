import path from 'node:path';
import { DEFAULT_CONFIG } from '../../src/config.js';
import { extractFacts } from '../../src/facts/extract.js';
import { lint } from '../../src/lint.js';
import { buildModel } from '../../src/model/build.js';
import type { DomainModel } from '../../src/model/domain-model.js';

export type Sources = Readonly<Record<string, string>>;

/** The model of files in memory; only relative specifiers lead anywhere. */
export function modelOf(files: Sources): DomainModel {
  const facts = Object.entries(files).map(([file, text]) => extractFacts(file, text));
  return buildModel(facts, { resolveModule: (from, specifier) => relative(files, from, specifier) }).model;
}

/** The model of a repository on disk, found and resolved as the command does. */
export async function modelAt(cwd: string, types: 'links' | 'full' = 'links'): Promise<DomainModel> {
  return (await lint({ cwd, paths: [], config: DEFAULT_CONFIG, types })).model;
}

/** Names of the aggregates that a handler writes. */
export function writtenBy(model: DomainModel, handler: string): string[] {
  const found = model.handlers.filter(({ name }) => name === handler).flatMap(({ writes }) => writes);
  return [...new Set(found.map(({ aggregate }) => nameOf(model, aggregate)))].sort();
}

export const roots = (model: DomainModel): string[] => model.aggregates.map(({ name }) => name).sort();

export const membersOf = (model: DomainModel, root: string): string[] =>
  model.aggregates
    .filter(({ name }) => name === root)
    .flatMap(({ members }) => members.map(({ name }) => name))
    .sort();

/** `Order.customer → Customer` for every reference by object that leaves an aggregate. */
export const objectReferences = (model: DomainModel): string[] =>
  model.aggregates
    .flatMap(({ references }) => references.filter(({ by }) => by === 'object').map(({ symbol, to }) => `${symbol} → ${nameOf(model, to)}`))
    .sort();

export const exposures = (model: DomainModel): string[] =>
  model.exposures.map(({ symbol, collection }) => `${symbol} ${collection}`).sort();

const nameOf = (model: DomainModel, id: string): string => model.blocks.find((block) => block.id === id)?.name ?? id;

function relative(files: Sources, from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const target = path.posix.join(path.posix.dirname(from), specifier).replace(/\.js$/, '');
  return [`${target}.ts`, `${target}/index.ts`, `${target}.d.ts`].find((candidate) => candidate in files);
}

// ── a shop to link against ────────────────────────────────────────────────────────────────────────────────────────

/** Its repositories have no `save`: a change of what they hand out is a write, so a handler writes what it has understood. */
export const SHOP = `
import { AggregateRoot } from '@nestjs/cqrs';

export class OrderItem {
  constructor(readonly id: string, private quantity: number) {}
  change(quantity: number): void {
    this.quantity = quantity;
  }
}

export class Order extends AggregateRoot {
  private status = 'open';
  private readonly lines: OrderItem[] = [];
  constructor(readonly id: string, readonly customerId: string) {
    super();
  }
  complete(): void {
    this.status = 'confirmed';
  }
}

export class Customer extends AggregateRoot {
  private status = 'new';
  constructor(readonly id: string) {
    super();
  }
  complete(): void {
    this.status = 'confirmed';
  }
}

export abstract class OrderRepository {
  abstract findById(id: string): Promise<Order | null>;
  abstract findAll(): Promise<Order[]>;
  abstract add(order: Order): void;
}

export abstract class CustomerRepository {
  abstract findById(id: string): Promise<Customer | null>;
  abstract findAll(): Promise<Customer[]>;
  abstract add(customer: Customer): void;
}
`;

export interface HandlerParts {
  /** Declarations beside the handler. */
  readonly beside?: string;
  /** Further constructor parameters. */
  readonly given?: string;
  /** Further members of the handler. */
  readonly members?: string;
  readonly files?: Sources;
}

/** What a handler with this body writes, over the shop's `this.orders` and `this.customers`. */
export function writes(body: string, { beside = '', given = '', members = '', files = {} }: HandlerParts = {}): string[] {
  const handler = `
import { ICommandHandler } from '@nestjs/cqrs';
import { Customer, CustomerRepository, Order, OrderItem, OrderRepository } from './shop.js';
${beside}
export class ConfirmCommand {
  constructor(readonly id: string, readonly customerId: string) {}
}
export class ConfirmHandler implements ICommandHandler<ConfirmCommand> {
  constructor(private readonly orders: OrderRepository, private readonly customers: CustomerRepository, ${given}) {}
  ${members}
  async execute(command: ConfirmCommand): Promise<void> {
    ${body}
  }
}`;
  return writtenBy(modelOf({ 'src/shop.ts': SHOP, 'src/confirm.ts': handler, ...files }), 'ConfirmHandler.execute');
}
