import type { Block, BlockId, Contention, Handler, Version } from '../src/model/domain-model.js';
import { defineRule, type Finding } from '../src/rule.js';
import { listed } from '../src/wording.js';

export default defineRule({
  id: 'no-competing-event-handlers',
  title: 'One event, one writer per aggregate',
  why: 'Handlers of one event run side by side: each loads the aggregate, and the one that saves last puts back what it loaded, so that the other update is lost without an error.',
  remedy:
    'Compare a version on save and retry, let one handler make both changes, or part the aggregate so that each handler writes an aggregate, and columns, of its own.',
  source:
    'Vernon, Implementing Domain-Driven Design, chapter 10: optimistic concurrency; Fowler, PoEAA: Optimistic Offline Lock, the lost update',
  severity: 'warning',
  preset: 'recommended',
  needs: ['aggregates', 'handlers'],
  *check(model) {
    if (model.contentions.length === 0) return;
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    const handlers = new Map(model.handlers.map((h) => [h.id, h]));
    const versions = new Map(model.versions.map((v) => [v.aggregate, v]));
    for (const contention of model.contentions) {
      const first = handlers.get(contention.first);
      const second = handlers.get(contention.second);
      const version = versions.get(contention.aggregate);
      if (first && second && !version?.checked) yield finding(contention, first, second, version, blocks);
    }
  },
});

function finding(
  contention: Contention,
  first: Handler,
  second: Handler,
  version: Version | undefined,
  blocks: ReadonlyMap<BlockId, Block>,
): Finding {
  const name = blocks.get(contention.aggregate)?.name ?? contention.aggregate;
  return {
    at: second.at,
    symbol: second.name,
    aggregate: name,
    involves: [first.name, name],
    message: `${second.name} and ${first.name} both write ${name} on ${occasion(contention)}: ${loss(contention, first)}. ${advice(name, version)}`,
    related: [
      { at: first.at, message: `the other handler: ${first.name}` },
      { at: contention.firstWrite.at, message: `it writes ${name} here: ${contention.firstWrite.call}` },
      { at: contention.secondWrite.at, message: `this one writes ${name} here: ${contention.secondWrite.call}` },
      ...(version ? [{ at: version.at, message: 'a version that nothing compares on save' }] : []),
    ],
  };
}

function occasion({ events: [event, other] }: Contention): string {
  return other === undefined ? event : `${event} and ${other}, which are raised together`;
}

/** How an update gets lost, in the fields that it is about where they are known. */
function loss({ firstFields, secondFields }: Contention, first: Handler): string {
  const both = secondFields.filter((f) => firstFields.includes(f));
  if (both.length > 0) return `both change ${listed(both, { most: 3 })}, and the one that saves last overwrites the other`;
  if (firstFields.length > 0)
    return `the one that saves last puts back what it loaded, and what ${first.name} did to ${listed(firstFields, { most: 3 })} can be lost`;
  return 'the one that saves last puts back what it loaded, and the other update is lost';
}

function advice(name: string, version: Version | undefined): string {
  const check = version
    ? `Compare ${version.field ?? `the version of ${name}`} when it is saved`
    : `Give ${name} a version that is compared on save`;
  return `${check}, or let one handler make both changes.`;
}
