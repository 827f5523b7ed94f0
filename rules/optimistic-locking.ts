import type { Aggregate, Block, DomainModel, Handler, Span, Version } from '../src/model/domain-model.js';
import { defineRule, type Finding } from '../src/rule.js';
import { listed } from '../src/wording.js';

export default defineRule({
  id: 'optimistic-locking',
  title: 'Check a version when a root is saved',
  why: 'Two requests that load the same aggregate, change it and save it lose one of the changes, and with it the rule that the change relied on. Nothing notices, unless a version is compared on save.',
  remedy:
    'Give the root a version, raise it with every change of the aggregate, and let the save fail where the stored one is another: a condition in the update, a mapper that compares it, or the expected revision of an event stream.',
  source:
    'Vernon, Effective Aggregate Design, Part I: optimistic concurrency at the root; Fowler, Patterns of Enterprise Application Architecture',
  severity: 'warning',
  preset: 'strict',
  needs: ['writes'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    const versions = new Map(model.versions.map((v) => [v.aggregate, v]));
    yield* uncheckedBases(model);
    const writers = writersOf(model);
    for (const aggregate of model.aggregates) {
      const writer = writers.get(aggregate.root);
      const version = versions.get(aggregate.root);
      if (!writer) continue;
      if (!version) yield withoutVersion(aggregate, writer);
      else if (!version.checked) {
        if (!version.declaredIn && isKept(aggregate, model)) yield unchecked(aggregate, version, writer);
      } else {
        const past = pastRoot(aggregate, version, model, blocks);
        if (past) yield past;
      }
    }
  },
});

/** Where no code that keeps it is in sight, nobody knows what compares the version. */
function isKept({ repositories }: Aggregate, { repositories: all, blocks }: DomainModel): boolean {
  const own = all.filter((r) => repositories.includes(r.block));
  return (
    own.length === 0 || own.some((r) => r.implementedBy.length > 0 || blocks.some((b) => b.id === r.block && b.form === 'class' && !b.base))
  );
}

interface Writer {
  readonly handler: Handler;
  readonly write: Handler['writes'][number];
}

/** Of each root the first handler that changes it and keeps nobody out. */
function writersOf({ handlers, locks, creations }: DomainModel): Map<string, Writer> {
  const locked = new Set(locks.map((l) => l.handler));
  const made = new Set(creations.map(placeOf));
  const found = new Map<string, Writer>();
  for (const handler of handlers) {
    if (handler.kind === 'domain-service' || handler.kind === 'query-handler' || locked.has(handler.id)) continue;
    for (const write of handler.writes)
      if (write.how !== 'remove' && !made.has(placeOf(write.at)) && !found.has(write.aggregate))
        found.set(write.aggregate, { handler, write });
  }
  return found;
}

function placeOf({ file, line, column }: Span): string {
  return `${file}:${line}:${column}`;
}

function withoutVersion({ name, at }: Aggregate, { handler, write }: Writer): Finding {
  return {
    at,
    symbol: name,
    aggregate: name,
    message: `${name} carries no version, so of two requests that change the same ${name} the one that saves last undoes the other unnoticed. Give it a version and compare that on save, or lock the row in ${handler.name}.`,
    related: [{ at: write.at, message: `${handler.name} saves it here` }],
  };
}

function unchecked({ name }: Aggregate, version: Version, { handler, write }: Writer): Finding {
  const field = version.field ?? `The version of ${name}`;
  const counted = version.by === 'orm' ? 'is counted up on save, but no update compares it' : 'is compared by nothing when it is saved';
  return {
    at: version.at,
    symbol: version.field ?? name,
    aggregate: name,
    message: `${field} ${counted}: of two requests that change the same ${name} the one that saves last still wins. Update only where the stored version is the one that was loaded, and fail where no row is.`,
    related: [{ at: write.at, message: `${handler.name} saves it here` }],
  };
}

/** A version that a base declares is one fault, whoever inherits it. */
function* uncheckedBases(model: DomainModel): Iterable<Finding> {
  const writers = writersOf(model);
  const inherited = new Map<string, { readonly version: Version; readonly aggregates: Aggregate[] }>();
  for (const aggregate of model.aggregates) {
    const version = model.versions.find((v) => v.aggregate === aggregate.root);
    if (!version?.declaredIn || version.checked || !writers.has(aggregate.root) || !isKept(aggregate, model)) continue;
    const place = `${version.at.file}:${version.at.line}:${version.at.column}`;
    const known = inherited.get(place) ?? { version, aggregates: [] };
    known.aggregates.push(aggregate);
    inherited.set(place, known);
  }
  for (const { version, aggregates } of inherited.values()) {
    const names = aggregates.map((a) => a.name);
    const symbol = `${version.declaredIn}.${version.field?.split('.').at(-1)}`;
    yield {
      at: version.at,
      symbol,
      aggregate: names[0] ?? '',
      message: `${symbol} is compared by nothing when ${listed(names)} ${names.length > 1 ? 'are' : 'is'} saved: of two requests that change the same one, the one that saves last still wins. Update only where the stored version is the one that was loaded, and fail where no row is.`,
      related: aggregates.slice(0, 3).map((a) => ({ at: a.at, message: `${a.name} inherits it` })),
    };
  }
}

/** A part that is saved or changed by itself: the version of the root stays as it was. */
function pastRoot(
  { name, at, root }: Aggregate,
  version: Version,
  { handlers }: DomainModel,
  blocks: ReadonlyMap<string, Block>,
): Finding | undefined {
  for (const handler of handlers) {
    const write = handler.writes.find((w) => w.aggregate === root && w.member !== undefined);
    // Saved along with its root, it is the root's version that counts.
    if (!write || handler.writes.some((w) => w.aggregate === root && w.member === undefined)) continue;
    const member = blocks.get(write.member ?? '')?.name ?? 'a part';
    return {
      at,
      symbol: name,
      aggregate: name,
      message: `${handler.name} saves ${member} alone, and the version of ${name} stays as it was: two such changes do not collide, though the rules of ${name} span both. Change ${member} through ${name} and save ${name}.`,
      related: [{ at: write.at, message: `${member} is saved here` }],
    };
  }
  const { skipped } = version;
  if (!skipped) return undefined;
  return {
    at,
    symbol: name,
    aggregate: name,
    message: `${skipped.symbol} changes parts alone, which leaves the version of ${name} as it was: two such changes do not collide. Let it change a field of ${name} as well, or count the version up by hand.`,
    related: [{ at: skipped.at, message: 'changes rows of the parts, not the row that carries the version' }],
  };
}
