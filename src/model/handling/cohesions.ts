import type { Expression, Statement } from '../../facts/facts.js';
import { dependencies } from '../actors.js';
import type { DrawnAggregate } from '../boundaries.js';
import type { BlockId, Cohesion, Handler, Repository, Span, Write } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { shapesAmong } from '../holding/shapes.js';
import { bodiesOf, eachExpression } from '../mutation.js';
import { type ProgramFile, spanOf } from '../program.js';
import { carried, isTestDouble } from '../repositories.js';
import { conceptName } from '../roles.js';
import { expressionText } from '../text.js';
import { isWriteName } from '../vocabulary.js';

/** Roots that are never written apart: each handler that writes one writes the others on the same path, and nothing else writes any. */
export function findCohesions(
  aggregates: readonly DrawnAggregate[],
  handlers: readonly Handler[],
  repositories: readonly Repository[],
  drafts: Drafts,
): Cohesion[] {
  const writers = writersOf(handlers);
  const isShape = shapesAmong(aggregates, drafts);
  const groups = new Map<string, { roots: Draft[]; by: readonly Handler[] }>();
  for (const { root } of aggregates) {
    const by = writers.get(root.id) ?? [];
    if (by.length === 0 || isShape(root)) continue;
    const key = by.map((h) => h.id).join('|');
    groups.set(key, { roots: [...(groups.get(key)?.roots ?? []), root], by });
  }
  return [...groups.values()].flatMap(({ roots, by }) =>
    alwaysTogether(roots, by).flatMap((group) =>
      group.some((root) => isWrittenUnseen(root, handlers, repositories, drafts))
        ? []
        : [{ roots: group.map((r) => r.id), handlers: by.map((h) => h.id) }],
    ),
  );
}

/** Who writes a root of its own accord. A domain service works for the handlers that call it; alone it is another writer. */
function writersOf(handlers: readonly Handler[]): ReadonlyMap<BlockId, readonly Handler[]> {
  const covered = new Set(handlers.flatMap((h) => (h.kind === 'domain-service' ? [] : h.writes.map(siteOf))));
  const writers = new Map<BlockId, Handler[]>();
  for (const handler of handlers) {
    for (const write of handler.writes) {
      if (handler.kind === 'domain-service' && covered.has(siteOf(write))) continue;
      const known = writers.get(write.aggregate) ?? [];
      if (!known.includes(handler)) writers.set(write.aggregate, [...known, handler]);
    }
  }
  return writers;
}

/** Of roots with the same writers, those that every one of them writes on one path; a process's own bookkeeping is no evidence. */
function alwaysTogether(roots: readonly Draft[], by: readonly Handler[]): Draft[][] {
  if (roots.length < 2 || by.some((h) => h.kind === 'saga')) return [];
  const together = (a: Draft, b: Draft): boolean =>
    by.every((h) =>
      h.together.some(
        ({ first, second }) =>
          (first.aggregate === a.id && second.aggregate === b.id) || (first.aggregate === b.id && second.aggregate === a.id),
      ),
    );
  const groups: Draft[][] = [];
  for (const root of roots) {
    const group = groups.find((g) => g.every((other) => together(root, other)));
    if (group) group.push(root);
    else groups.push([root]);
  }
  return groups.filter((g) => g.length > 1);
}

/** A call that may keep this root, where no handler was recognised: in a script, a route, a class of an unknown kind. */
function isWrittenUnseen(root: Draft, handlers: readonly Handler[], repositories: readonly Repository[], drafts: Drafts): boolean {
  const keeping = repositories.filter((r) => r.keeps.some((k) => k.root === root.id));
  const verbs = new Set(keeping.flatMap((r) => r.writeMethods));
  const keepers = new Set(keeping.flatMap((r) => [r.block, ...r.implementedBy]));
  const concept = conceptName(root.name);
  const seen = handlers.flatMap((h) => h.writes.map((w) => w.at));
  const mayWrite = (call: Expression, file: ProgramFile, given: boolean): boolean => {
    if (call.e !== 'call' || call.callee.e !== 'member') return false;
    const { name } = call.callee;
    if (keeping.length > 0 ? !verbs.has(name) : !isWriteName(name)) return false;
    if (!given && !expressionText(call).toLowerCase().includes(concept)) return false;
    const at = spanOf(file.facts, call.at);
    return !seen.some((write) => lies(write, at));
  };
  const anyIn = (body: readonly Statement[], file: ProgramFile, given: boolean): boolean => {
    let found = false;
    eachExpression(body, (e) => {
      found ||= mayWrite(e, file, given);
    });
    return found;
  };
  for (const draft of drafts.all) {
    if (keepers.has(draft.id) || draft.kind === 'repository-implementation' || draft === root || isTestDouble(draft.name)) continue;
    const given = draft.symbol.declaration.kind === 'class' && isGiven(draft, keepers, drafts);
    if (bodiesOf(draft.symbol.declaration).some((body) => anyIn(body, draft.symbol.file, given))) return true;
  }
  return [...drafts.program.files.values()].some((file) => anyIn(file.facts.statements, file, false));
}

/** Its constructor takes a repository of the root. */
function isGiven(draft: Draft, keepers: ReadonlySet<BlockId>, drafts: Drafts): boolean {
  return dependencies(draft.symbol).some((type) => carried(type, 'everything').some((symbol) => keepers.has(drafts.of(symbol)?.id ?? '')));
}

function lies(inner: Span, outer: Span): boolean {
  if (inner.file !== outer.file) return false;
  const after = inner.line > outer.line || (inner.line === outer.line && inner.column >= outer.column);
  const before = inner.endLine < outer.endLine || (inner.endLine === outer.endLine && inner.endColumn <= outer.endColumn);
  return after && before;
}

function siteOf({ aggregate, at }: Write): string {
  return `${aggregate}|${at.file}:${at.line}:${at.column}`;
}
