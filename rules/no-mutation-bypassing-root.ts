import type { Block, BlockId, OutsideChange } from '../src/model/domain-model.js';
import { defineRule, type Finding } from '../src/rule.js';

export default defineRule({
  id: 'no-mutation-bypassing-root',
  title: 'Change an aggregate through its root',
  why: 'The root guards the rules that span the aggregate. Code that changes a member or a field behind its back can leave it in a state that no rule allows.',
  remedy: 'Give the root a method that is named for the change, let it check and do it, and call that.',
  source: 'Evans, Domain-Driven Design, ch. 6: nothing outside the boundary changes what is inside except through the root',
  severity: 'error',
  preset: 'recommended',
  needs: ['aggregates'],
  *check(model) {
    const blocks = new Map(model.blocks.map((b) => [b.id, b]));
    for (const changes of byFunction(model.outsideChanges)) {
      const [first, ...further] = changes;
      if (first) yield finding(first, further, blocks);
    }
  },
});

/** What one function does to aggregates from outside is one fault: the first place is named, the others are related. */
function byFunction(changes: readonly OutsideChange[]): Iterable<readonly OutsideChange[]> {
  const groups = new Map<string, OutsideChange[]>();
  for (const change of changes) {
    const key = `${change.at.file}#${change.by}`;
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].map((group) => group.sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column));
}

function finding(change: OutsideChange, further: readonly OutsideChange[], blocks: ReadonlyMap<BlockId, Block>): Finding {
  const root = blocks.get(change.aggregate)?.name ?? change.aggregate;
  const rest = further.length > 0 ? ` (and ${further.length} more ${further.length === 1 ? 'change' : 'changes'} here)` : '';
  return {
    at: change.at,
    symbol: change.by,
    aggregate: root,
    involves: [root],
    message: `${change.by} ${what(change, root, blocks)}${rest}: ${instead(change, root, blocks)}.`,
    related: further.map((c) => ({ at: c.at, message: `also from outside: ${c.text}` })),
  };
}

function what({ how, symbol, target, text }: OutsideChange, root: string, blocks: ReadonlyMap<BlockId, Block>): string {
  const name = blocks.get(target)?.name ?? target;
  const whose = name === root ? root : `${name} inside ${root}`;
  switch (how) {
    case 'call':
      return `calls ${symbol ?? text} and so changes ${whose} past the root`;
    case 'collection':
      return `changes the collection ${symbol ?? text} of ${whose} directly`;
    case 'generic':
      return `writes ${symbol ?? `fields of ${name}`} by name${name === root ? '' : `, inside ${root}`}`;
    default:
      return `assigns ${symbol ?? text}${name === root ? '' : ` inside ${root}`}`;
  }
}

function instead({ how, target }: OutsideChange, root: string, blocks: ReadonlyMap<BlockId, Block>): string {
  const member = blocks.get(target);
  if (member && member.name !== root && member.kind === 'value-object')
    return `no rule of ${root} sees it. Have ${root} replace the ${member.name} by a new one in a method that says why`;
  if (how === 'call') return `rules of ${root} that span its members are not checked. Give ${root} a method for this change and call that`;
  return `no rule of ${root} can refuse it. Give ${root} a method named for this change and call that`;
}
