import { testConsistency } from '../../src/model/consistency/consistency.js';
import { findExtents } from '../../src/model/consistency/extents.js';
import { proposeSplits } from '../../src/model/consistency/splits.js';
import type {
  Block,
  BlockKind,
  Cluster,
  DomainModel,
  Evidence,
  EvidenceKind,
  Field,
  Handler,
  Invariant,
  Operation,
  Span,
  Write,
} from '../../src/model/domain-model.js';
import type { Report, RuleInfo, Violation } from '../../src/report/report.js';

/** An order model made by hand: what the reports have to say about it is known line by line. */
export const SOURCES: Readonly<Record<string, string>> = {
  'src/order/order.ts': `import { AggregateRoot } from '@nestjs/cqrs';

export class Order extends AggregateRoot {
  readonly customerId: CustomerId;
  readonly total: Money;
  private readonly _items: OrderItem[] = [];

  get items(): OrderItem[] {
    return this._items;
  }

  private status: 'draft' | 'placed' = 'draft';

  add(item: OrderItem): void {
    if (this.status !== 'draft') throw new Error('only a draft');
    if (this._items.length >= 100) throw new Error('a hundred at most');
    this._items.push(item);
    this.total = sum(this._items);
  }

  place(): void {
    if (this.status !== 'draft') throw new Error('placed already');
    if (this._items.length === 0) throw new Error('nothing to order');
    this.status = 'placed';
    this.apply(new OrderPlaced(this.id));
  }
}
`,
  'src/order/order-item.ts': `export class OrderItem extends Entity {
  readonly product: Product;
  readonly discounts: Discount[];
}
export class Discount extends Entity {}
export class Money {}
`,
  'src/order/order-repository.ts': `export interface OrderRepository {
  findById(id: OrderId): Promise<Order | null>;
  save(order: Order): Promise<void>;
}
`,
  'src/order/place-order.ts': `export class PlaceOrderHandler {
  async execute(command: PlaceOrder): Promise<void> {
    await this.orders.save(order);
    await this.customers.save(customer);
  }
}
`,
  'src/order/order-placed.ts': `export class OrderPlaced {}
export class SendReceipt {
  handle(event: OrderPlaced): void {}
}
`,
  'src/customer/customer.ts': `export class Customer extends AggregateRoot {}
export class CustomerId {}
`,
  'src/catalogue/product.ts': `export class Product extends AggregateRoot {}
`,
};

/** The nth occurrence of a text in a file. */
export function spanOf(file: string, text: string, nth = 1): Span {
  const lines = (SOURCES[file] ?? '').split('\n');
  let seen = 0;
  for (const [index, line] of lines.entries()) {
    for (let at = line.indexOf(text); at !== -1; at = line.indexOf(text, at + 1)) {
      seen += 1;
      if (seen === nth) return { file, line: index + 1, column: at + 1, endLine: index + 1, endColumn: at + 1 + text.length };
    }
  }
  throw new Error(`${file} has no ${text}`);
}

export function evidence(kind: EvidenceKind, role: BlockKind, detail: string, at: Span): Evidence {
  return { kind, role, detail, at };
}

export function block(name: string, kind: BlockKind, at: Span, more: Partial<Block> = {}): Block {
  return {
    id: `${at.file}#${name}`,
    name,
    kind,
    form: 'class',
    at,
    evidence: [],
    contradicting: [],
    aliases: [],
    base: false,
    fields: [],
    ...more,
  };
}

function field(symbol: string, at: Span, type: string, holds: Field['holds'], more: Partial<Field> = {}): Field {
  const name = symbol.slice(symbol.indexOf('.') + 1);
  return { name, symbol, at, via: 'field', type, visibility: 'public', readonly: true, holds, ...more };
}

const ORDER = 'src/order/order.ts';
const ITEM = 'src/order/order-item.ts';
const PLACE = 'src/order/place-order.ts';
const REPOSITORY = 'src/order/order-repository.ts';
const ids = {
  order: `${ORDER}#Order`,
  item: `${ITEM}#OrderItem`,
  discount: `${ITEM}#Discount`,
  money: `${ITEM}#Money`,
  customer: 'src/customer/customer.ts#Customer',
  customerId: 'src/customer/customer.ts#CustomerId',
  product: 'src/catalogue/product.ts#Product',
  repository: `${REPOSITORY}#OrderRepository`,
  placed: 'src/order/order-placed.ts#OrderPlaced',
  place: `${PLACE}#PlaceOrderHandler.execute`,
};

const orderAt = spanOf(ORDER, 'Order', 1);
const customerAt = spanOf('src/customer/customer.ts', 'Customer');
const productAt = spanOf('src/catalogue/product.ts', 'Product');

const BLOCKS: readonly Block[] = [
  block('Order', 'aggregate-root', orderAt, {
    aggregate: ids.order,
    evidence: [
      evidence('heritage', 'aggregate-root', 'extends AggregateRoot', orderAt),
      evidence('repository', 'aggregate-root', 'loaded and saved by OrderRepository', spanOf(REPOSITORY, 'save')),
    ],
    contradicting: [evidence('convention', 'entity', 'lies in a folder of entities', orderAt)],
    fields: [
      field('Order.customerId', spanOf(ORDER, 'customerId'), 'CustomerId', [{ block: ids.customerId, as: 'value' }]),
      field('Order.total', spanOf(ORDER, 'total'), 'Money', [{ block: ids.money, as: 'value' }]),
      field('Order._items', spanOf(ORDER, '_items'), 'OrderItem[]', [{ block: ids.item, as: 'collection' }], { visibility: 'private' }),
      field('Order.status', spanOf(ORDER, 'status'), "'draft' | 'placed'", [], { visibility: 'private' }),
    ],
  }),
  block('AggregateBase', 'aggregate-root', orderAt, { base: true }),
  block('OrderItem', 'entity', spanOf(ITEM, 'OrderItem'), {
    aggregate: ids.order,
    evidence: [evidence('heritage', 'entity', 'extends Entity', spanOf(ITEM, 'OrderItem'))],
    fields: [
      field('OrderItem.product', spanOf(ITEM, 'product'), 'Product', [{ block: ids.product, as: 'value' }]),
      field('OrderItem.discounts', spanOf(ITEM, 'discounts'), 'Discount[]', [{ block: ids.discount, as: 'collection' }]),
    ],
  }),
  block('Discount', 'entity', spanOf(ITEM, 'Discount', 2), { aggregate: ids.order }),
  block('Money', 'value-object', spanOf(ITEM, 'Money'), { aggregate: ids.order }),
  block('OrderRepository', 'repository', spanOf(REPOSITORY, 'OrderRepository'), { form: 'interface' }),
  block('OrderPlaced', 'domain-event', spanOf('src/order/order-placed.ts', 'OrderPlaced')),
  block('PlaceOrderHandler', 'command-handler', spanOf(PLACE, 'PlaceOrderHandler')),
  block('Customer', 'aggregate-root', customerAt, { aggregate: ids.customer }),
  block('CustomerId', 'identifier', spanOf('src/customer/customer.ts', 'CustomerId')),
  block('Product', 'aggregate-root', productAt, { aggregate: ids.product }),
];

const FIRST: Write = {
  aggregate: ids.order,
  at: spanOf(PLACE, 'save', 1),
  call: 'this.orders.save(order)',
  how: 'save',
  inLoop: false,
  through: [],
};
const SECOND: Write = {
  aggregate: ids.customer,
  at: spanOf(PLACE, 'save', 2),
  call: 'this.customers.save(customer)',
  how: 'save',
  inLoop: false,
  through: [],
};

const HANDLERS: readonly Handler[] = [
  {
    id: ids.place,
    name: 'PlaceOrderHandler.execute',
    kind: 'command-handler',
    block: `${PLACE}#PlaceOrderHandler`,
    at: spanOf(PLACE, 'execute'),
    handles: [],
    writes: [FIRST, SECOND],
    together: [{ first: FIRST, second: SECOND, sameType: false }],
  },
  {
    id: 'src/order/order-placed.ts#SendReceipt.handle',
    name: 'SendReceipt.handle',
    kind: 'event-handler',
    at: spanOf('src/order/order-placed.ts', 'handle'),
    handles: [ids.placed],
    writes: [],
    together: [],
  },
  {
    id: `${PLACE}#Pricing.reprice`,
    name: 'Pricing.reprice',
    kind: 'domain-service',
    at: spanOf(PLACE, 'command'),
    handles: [],
    writes: [FIRST],
    together: [],
  },
];

const byOrder = { aggregate: ids.order, owner: ids.order };
const enforced = (kind: Invariant['kind'], name: string, text: string, at: Span, more: Partial<Invariant> = {}): Invariant => ({
  ...byOrder,
  kind,
  in: name,
  at,
  text,
  reads: [],
  writes: [],
  parameters: [],
  through: [],
  ...more,
});
const thrown = { refusal: 'throw' } as const;

const INVARIANTS: readonly Invariant[] = [
  enforced('guard', 'Order.add', "status !== 'draft'", spanOf(ORDER, "this.status !== 'draft'", 1), {
    reads: ['Order.status'],
    writes: ['Order._items', 'Order.total'],
    ...thrown,
  }),
  enforced('guard', 'Order.add', '_items.length >= 100', spanOf(ORDER, 'this._items.length', 1), {
    limits: ['Order._items'],
    reads: ['Order._items'],
    writes: ['Order._items', 'Order.total'],
    ...thrown,
  }),
  enforced('derived', 'Order.add', 'total = sum(_items)', spanOf(ORDER, 'this.total'), {
    reads: ['Order._items'],
    writes: ['Order.total'],
  }),
  enforced('guard', 'Order.place', '_items.length === 0', spanOf(ORDER, 'this._items.length', 2), {
    reads: ['Order._items'],
    writes: ['Order.status'],
    ...thrown,
  }),
  enforced('transition', 'Order.place', 'status: draft → placed', spanOf(ORDER, 'this.status = '), {
    reads: ['Order.status'],
    writes: ['Order.status'],
    transition: { field: 'Order.status', from: ['draft'], to: 'placed' },
  }),
];

const OPERATIONS: readonly Operation[] = [
  {
    ...byOrder,
    name: 'Order.add',
    at: spanOf(ORDER, 'add('),
    kind: 'command',
    reads: ['Order.status', 'Order._items'],
    writes: ['Order._items', 'Order.total'],
    adds: ['Order._items'],
    raises: [],
    calledBy: [ids.place],
  },
  {
    ...byOrder,
    name: 'Order.place',
    at: spanOf(ORDER, 'place('),
    kind: 'command',
    reads: ['Order.status', 'Order._items'],
    writes: ['Order.status'],
    adds: [],
    raises: [ids.placed],
    calledBy: [ids.place],
  },
];

const CLUSTERS: readonly Cluster[] = [
  {
    aggregate: ids.order,
    name: 'items',
    fields: ['Order._items', 'Order.status', 'Order.total'],
    invariants: INVARIANTS,
    operations: OPERATIONS,
    handlers: [ids.place],
    events: [ids.placed],
  },
];

/** The model with what is computed from the rest of it. */
export function tested(model: Omit<DomainModel, 'consistency' | 'extents' | 'splits'>): DomainModel {
  const splits = proposeSplits(model);
  return { ...model, splits, consistency: testConsistency({ ...model, splits }), extents: findExtents(model) };
}

export const MODEL: DomainModel = tested({
  blocks: BLOCKS,
  aggregates: [
    {
      root: ids.order,
      name: 'Order',
      at: orderAt,
      members: [
        { block: ids.discount, name: 'Discount', kind: 'entity', heldBy: 'OrderItem.discounts', depth: 2, collection: true },
        { block: ids.item, name: 'OrderItem', kind: 'entity', heldBy: 'Order._items', depth: 1, collection: true },
        { block: ids.money, name: 'Money', kind: 'value-object', heldBy: 'Order.total', depth: 1, collection: false },
      ],
      references: [
        {
          from: ids.order,
          to: ids.customer,
          target: ids.customerId,
          by: 'identity',
          symbol: 'Order.customerId',
          at: spanOf(ORDER, 'customerId'),
          collection: false,
          type: 'CustomerId',
        },
        {
          from: ids.item,
          to: ids.product,
          target: ids.product,
          by: 'object',
          symbol: 'OrderItem.product',
          at: spanOf(ITEM, 'product'),
          collection: false,
          type: 'Product',
        },
      ],
      repositories: [ids.repository],
      writtenBy: [ids.place],
      raises: [ids.placed],
    },
    {
      root: ids.customer,
      name: 'Customer',
      at: customerAt,
      members: [],
      references: [],
      repositories: [],
      writtenBy: [ids.place],
      raises: [],
    },
    { root: ids.product, name: 'Product', at: productAt, members: [], references: [], repositories: [], writtenBy: [], raises: [] },
  ],
  repositories: [
    {
      block: ids.repository,
      name: 'OrderRepository',
      at: spanOf(REPOSITORY, 'OrderRepository'),
      abstraction: true,
      keeps: [{ block: ids.order, root: ids.order, member: false, as: ids.order }],
      implementedBy: [],
      writeMethods: ['save'],
    },
  ],
  handlers: HANDLERS,
  exposures: [],
  raises: [{ event: ids.placed, by: ids.order, at: spanOf(ORDER, 'OrderPlaced') }],
  stateAccess: [],
  mutators: [],
  payloads: [],
  sharedMembers: [],
  entitiesInValues: [],
  orphans: [],
  hydrations: [],
  outsideChanges: [],
  invariants: INVARIANTS,
  operations: OPERATIONS,
  clusters: CLUSTERS,
  servicesHeld: [],
  equalityFaults: [],
  collections: [],
  openConstructions: [],
  versions: [],
  contentions: [],
  outsideGuards: [],
  creations: [],
  locks: [],
  lazyParts: [],
  identities: [],
  tables: [],
  columnWrites: [],
  columnClashes: [],
  cohesions: [],
  divisions: [],
  foreignLoads: [],
  coverage: { files: 7, unparsed: [], unresolvedImports: 0, nearMisses: [] },
});

const VIOLATIONS: readonly Violation[] = [
  {
    ruleId: 'no-object-refs-across-aggregates',
    severity: 'error',
    message: 'OrderItem.product holds the aggregate root Product by object: saving Order drags Product along. Hold a ProductId instead.',
    at: spanOf(ITEM, 'product'),
    symbol: 'OrderItem.product',
    aggregate: 'Order',
    related: [{ at: productAt, message: 'Product is a root of its own' }],
    fix: { kind: 'unsafe', title: 'replace product by productId', changes: [] },
    fingerprint: 'f1',
  },
  {
    ruleId: 'no-exposed-mutable-collections',
    severity: 'warning',
    message: 'Order.items hands out the live array.',
    at: spanOf(ORDER, 'items', 2),
    symbol: 'Order.items',
    aggregate: 'Order',
    related: [],
    fingerprint: 'f2',
  },
  {
    ruleId: 'no-multi-aggregate-handlers',
    severity: 'error',
    message: 'PlaceOrderHandler.execute writes Order and Customer on one path.',
    at: spanOf(PLACE, 'execute'),
    symbol: 'PlaceOrderHandler.execute',
    related: [
      { at: FIRST.at, message: 'first write here' },
      { at: SECOND.at, message: 'second write here' },
    ],
    fingerprint: 'f3',
  },
];

const RULES: readonly RuleInfo[] = VIOLATIONS.map(({ ruleId, severity }) => ({
  id: ruleId,
  severity,
  title: `What ${ruleId} says`,
  why: `Why ${ruleId} matters.`,
  remedy: `What to do about ${ruleId}.`,
  source: 'A book',
}));

export const REPORT: Report = {
  version: '1.2.3',
  files: 148,
  durationMs: 412.6,
  violations: VIOLATIONS,
  suppressed: [],
  rules: RULES,
  timing: { stages: [], rules: [] },
  model: MODEL,
  recognised: MODEL.aggregates.length,
  failures: [],
  notices: [],
  inScope: () => true,
  sourceOf: (file) => SOURCES[file],
};

export const CLEAN: Report = { ...REPORT, violations: [] };
/** Nothing was recognised; something came close. */
export const EMPTY: Report = {
  ...CLEAN,
  recognised: 0,
  model: {
    ...MODEL,
    blocks: [],
    aggregates: [],
    repositories: [],
    handlers: [],
    raises: [],
    invariants: [],
    operations: [],
    clusters: [],
    consistency: [],
    extents: [],
    splits: [],
    collections: [],
    openConstructions: [],
    coverage: {
      ...MODEL.coverage,
      nearMisses: [{ name: 'Basket', at: { ...orderAt, file: 'src/basket.ts' }, why: 'has an id and behaviour, but nothing loads it' }],
    },
  },
};
