import type { Block, BlockId, Division, DomainModel, Handler, Span, Write, WritePair } from '../src/model/domain-model.js';
import { defineRule, type Finding, type Fix } from '../src/rule.js';
import { listed } from '../src/wording.js';

export default defineRule<{ allowLoops: boolean }>({
  id: 'no-multi-aggregate-handlers',
  title: 'Change one aggregate per handler',
  why: 'Two aggregates saved in one go either share a transaction, and then contend and fail together, or do not, and then one is saved when the other fails.',
  remedy:
    'Let the handler change one aggregate and raise a domain event; change the other in a handler of that event. If both must change together, they are one aggregate.',
  source:
    'Vernon, Effective Aggregate Design, Part I: modify one aggregate in a transaction; Part II: eventual consistency outside the boundary',
  severity: 'error',
  preset: 'recommended',
  fixable: 'unsafe',
  needs: ['writes'],
  options: { allowLoops: { default: true, description: 'let a loop write several instances of one aggregate type' } },
  *check(model, { allowLoops }) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const handler of model.handlers) {
      if (handler.kind === 'domain-service' || handler.kind === 'saga') continue;
      const own = handler.together.filter((pair) => pair.within === undefined);
      const [first, ...others] = own;
      const looped = handler.writes.find((w) => w.inLoop && w.member === undefined);
      if (first) yield { ...finding(handler, first, others, blocks), ...splitting(handler, model, blocks) };
      else if (!allowLoops && looped) yield inLoop(handler, looped, blocks);
    }
  },
});

function finding(handler: Handler, pair: WritePair, others: readonly WritePair[], blocks: ReadonlyMap<BlockId, Block>): Finding {
  const name = (id: BlockId): string => blocks.get(id)?.name ?? id;
  const first = name(pair.first.aggregate);
  const second = name(pair.second.aggregate);
  const places = distinctWrites([pair, ...others]);
  return {
    at: handler.at,
    symbol: handler.name,
    aggregate: first,
    involves: [...new Set(places.map((write) => name(write.aggregate)))],
    message: pair.sameType
      ? twoInstances(handler, first, pair)
      : twoTypes(
          handler,
          first,
          second,
          pair,
          others.map((o) => name(o.second.aggregate)),
        ),
    related: [
      ...places.map((write, i) => ({
        at: write.at,
        message: `${ordinal(i)} write here: ${name(write.aggregate)}${write.through.length > 0 ? `, through ${write.through.join(' → ')}` : ''}`,
      })),
      ...(pair.transaction ? [{ at: pair.transaction.at, message: `${pair.transaction.name} spans both` }] : []),
    ],
  };
}

function splitting(handler: Handler, model: DomainModel, blocks: ReadonlyMap<BlockId, Block>): { fix?: Fix } {
  const division = model.divisions.find((d) => d.handler === handler.id);
  return division ? { fix: fixOf(handler, division, model, blocks) } : {};
}

function fixOf({ at, name }: Handler, division: Division, model: DomainModel, blocks: ReadonlyMap<BlockId, Block>): Fix {
  const { pair, first, second, raises, listeners, keepers } = division;
  const nameOf = (id: BlockId): string => blocks.get(id)?.name ?? id;
  const placesOf = (id: BlockId): Span[] => [blocks.get(id)?.at ?? []].flat();
  return {
    kind: 'unsafe',
    title: `Split ${name}: change ${nameOf(pair.second.aggregate)} in a handler of an event that ${nameOf(pair.first.aggregate)} raises`,
    changes: [
      {
        do: 'split-handler',
        handler: at,
        first: { name: nameOf(pair.first.aggregate), at: first, write: pair.first.at },
        second: { name: nameOf(pair.second.aggregate), at: second, write: pair.second.at },
        raises: raises.map((r) => r.at),
        listeners: listeners.map((h) => ({
          at: h.at,
          handles: h.handles.flatMap(placesOf),
          writesSecond: h.writes.some((w) => w.aggregate === pair.second.aggregate),
        })),
        keepers,
        uncarried: model.blocks.filter((b) => UNCARRIED.has(b.kind)).map((b) => b.at),
      },
    ],
  };
}

const UNCARRIED: ReadonlySet<Block['kind']> = new Set<Block['kind']>(['aggregate-root', 'entity', 'command', 'query']);

function inLoop(handler: Handler, write: Write, blocks: ReadonlyMap<BlockId, Block>): Finding {
  const name = blocks.get(write.aggregate)?.name ?? write.aggregate;
  return {
    at: handler.at,
    symbol: handler.name,
    aggregate: name,
    involves: [name],
    message: `${handler.name} writes several ${name} aggregates in a loop: when one fails, those before it stay changed. Write one here, and let an event or a job for each change the others.`,
    related: [{ at: write.at, message: `written in a loop here: ${name}` }],
  };
}

function twoTypes(handler: Handler, first: string, second: string, pair: WritePair, further: readonly string[]): string {
  const rest = [...new Set(further)].filter((n) => n !== first && n !== second);
  const names = [first, second, ...rest];
  return `${handler.name} writes ${listed(names)} on one path: ${cost(pair, names.length > 2 ? 'them all' : 'both')}. Change ${first} here, raise a domain event, and change ${second} in a handler of that event.`;
}

function twoInstances(handler: Handler, name: string, pair: WritePair): string {
  return `${handler.name} changes two ${name} aggregates on one path: ${cost(pair, 'both')}. Change one here, raise a domain event, and change the other in a handler of that event.`;
}

function cost(pair: WritePair, what: string): string {
  return pair.transaction
    ? `${pair.transaction.name} holds ${what} until it ends`
    : `unless a transaction spans ${what}, one can be saved while the other fails`;
}

function distinctWrites(pairs: readonly WritePair[]): Write[] {
  const seen = new Set<string>();
  return pairs
    .flatMap((p) => [p.first, p.second])
    .filter((w) => {
      const key = `${w.at.file}:${w.at.line}:${w.at.column}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
}

function ordinal(index: number): string {
  return ['first', 'second', 'third', 'fourth', 'fifth'][index] ?? `${index + 1}th`;
}
