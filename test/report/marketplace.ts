import type { Aggregate, Block, Cluster, Field, Handler, Invariant, Operation, Span } from '../../src/model/domain-model.js';
import type { Report } from '../../src/report/report.js';
import { CLEAN, EMPTY, tested } from './shop.js';

/** An order of a marketplace that grew: pricing, fulfilment and compliance in one row, and nothing between them. */
const FILE = 'src/trade/trade-order.ts';
const ROOT = `${FILE}#TradeOrder`;
const LINE = `${FILE}#PricedLine`;
const PAID = 'src/trade/order-paid.ts#OrderPaid';

function at(line: number, file = FILE): Span {
  return { file, line, column: 5, endLine: line, endColumn: 20 };
}

function field(name: string, line: number, type: string, holds: Field['holds'] = []): Field {
  return { name, symbol: `TradeOrder.${name}`, at: at(line), via: 'field', type, visibility: 'private', readonly: false, holds };
}

const own = (names: readonly string[]): string[] => names.map((name) => `TradeOrder.${name}`);

function invariant(kind: Invariant['kind'], method: string, text: string, line: number, reads: string[], writes: string[]): Invariant {
  return {
    aggregate: ROOT,
    owner: ROOT,
    kind,
    in: `TradeOrder.${method}`,
    at: at(line),
    text,
    reads: own(reads),
    writes: own(writes),
    parameters: [],
    through: [],
    ...(kind === 'guard' ? { refusal: 'throw' } : {}),
  };
}

function operation(name: string, line: number, kind: Operation['kind'], writes: string[], calledBy: string[] = []): Operation {
  return {
    aggregate: ROOT,
    owner: ROOT,
    name: `TradeOrder.${name}`,
    at: at(line),
    kind,
    reads: [],
    writes: own(writes),
    adds: name === 'addLine' ? own(['lines']) : [],
    raises: [],
    calledBy,
  };
}

function handler(name: string, line: number, handles: string[] = []): Handler {
  const file = 'src/trade/handlers.ts';
  return { id: `${file}#${name}`, name, kind: 'event-handler', at: at(line, file), handles, writes: [], together: [] };
}

const RETAX = handler('RetaxOnOrderPaid.handle', 4, [PAID]);
const RELEASE = handler('ReleaseOnOrderPaid.handle', 14, [PAID]);
const CLOSE = handler('CloseOrderHandler.execute', 24);

const PRICING = [
  invariant('derived', 'addLine', 'amount = sum(lines) - discounts', 31, ['lines', 'discounts'], ['amount']),
  invariant('guard', 'grant', 'discounts + discount > amount', 36, ['discounts', 'amount'], ['discounts']),
];
const FULFILMENT = [
  invariant('guard', 'ship', "fulfilmentStatus !== 'ready'", 44, ['fulfilmentStatus'], ['fulfilmentStatus', 'trackingNumber']),
  {
    ...invariant('transition', 'ship', 'fulfilmentStatus: ready → shipped', 46, ['fulfilmentStatus'], ['fulfilmentStatus']),
    transition: { field: 'TradeOrder.fulfilmentStatus', from: ['ready'], to: 'shipped' },
  },
];
const COMPLIANCE = [
  invariant('guard', 'classify', '!allowedIn(exportCode, destination)', 53, ['exportCode', 'destination'], ['exportCode']),
  invariant('guard', 'unflag', 'auditFlags.has(flag)', 58, ['auditFlags', 'exportCode'], ['auditFlags']),
];

const ADD_LINE = operation('addLine', 29, 'command', ['lines', 'amount'], [RETAX.id]);
const GRANT = operation('grant', 35, 'command', ['discounts']);
const SHIP = operation('ship', 43, 'command', ['fulfilmentStatus', 'trackingNumber'], [RELEASE.id, CLOSE.id]);
const CLASSIFY = operation('classify', 52, 'command', ['exportCode'], [CLOSE.id]);
const UNFLAG = operation('unflag', 57, 'command', ['auditFlags']);
const DRAFT = operation('draft', 20, 'factory', ['lines', 'amount', 'fulfilmentStatus', 'exportCode']);

function cluster(
  name: string,
  fields: string[],
  invariants: readonly Invariant[],
  operations: readonly Operation[],
  handlers: string[],
): Cluster {
  return { aggregate: ROOT, name, fields: own(fields), invariants, operations, handlers, events: handlers.length > 0 ? [PAID] : [] };
}

const ORDER: Aggregate = {
  root: ROOT,
  name: 'TradeOrder',
  at: at(8),
  members: [{ block: LINE, name: 'PricedLine', kind: 'entity', heldBy: 'TradeOrder.lines', depth: 1, collection: true }],
  references: [],
  repositories: [],
  writtenBy: [],
  raises: [],
};

const draftBlock = (id: string, kind: Block['kind'], fields: readonly Field[]): Block => ({
  id,
  name: id.slice(id.indexOf('#') + 1),
  kind,
  form: 'class',
  at: at(8),
  evidence: [],
  contradicting: [],
  aliases: [],
  base: false,
  fields,
});

export const MARKETPLACE: Report = {
  ...CLEAN,
  model: tested({
    ...EMPTY.model,
    blocks: [
      draftBlock(ROOT, 'aggregate-root', [
        field('lines', 9, 'PricedLine[]', [{ block: LINE, as: 'collection' }]),
        field('amount', 10, 'number'),
        field('discounts', 11, 'number'),
        field('fulfilmentStatus', 12, 'FulfilmentStatus'),
        field('trackingNumber', 13, 'string | null'),
        field('exportCode', 14, 'string'),
        field('destination', 15, 'string'),
        field('auditFlags', 16, 'Set<string>'),
        field('buyerNote', 17, 'string'),
      ]),
      draftBlock(LINE, 'entity', []),
      draftBlock(PAID, 'domain-event', []),
    ],
    aggregates: [ORDER],
    handlers: [RETAX, RELEASE, CLOSE],
    invariants: [...PRICING, ...FULFILMENT, ...COMPLIANCE],
    operations: [DRAFT, ADD_LINE, GRANT, SHIP, CLASSIFY, UNFLAG],
    clusters: [
      cluster('pricing', ['lines', 'amount', 'discounts'], PRICING, [DRAFT, ADD_LINE, GRANT], [RETAX.id]),
      cluster('fulfilment', ['fulfilmentStatus', 'trackingNumber'], FULFILMENT, [DRAFT, SHIP], [RELEASE.id]),
      cluster('compliance', ['exportCode', 'destination', 'auditFlags'], COMPLIANCE, [DRAFT, CLASSIFY, UNFLAG], []),
    ],
    coverage: { files: 3, unparsed: [], unresolvedImports: 0, nearMisses: [] },
  }),
};
