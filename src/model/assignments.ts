import type { Expression } from '../facts/facts.js';
import type { Assignment } from './domain-model.js';
import type { Draft, Drafts } from './drafts.js';
import { codeOf, constructingMembers, type MemberCode, type OwnChange } from './own-changes.js';
import { type Declared, spanOf } from './program.js';
import type { StateField } from './state.js';
import type { MutabilityContext, Subject } from './subjects.js';
import { declarationContext, namedType, resolveType, type Type } from './types.js';

export function assignmentsTo(field: StateField, { draft, heirs }: Subject, context: MutabilityContext): Assignment[] {
  const bag = field.via === 'property-bag' ? field.bag?.name : undefined;
  const hits = ({ path }: OwnChange): boolean => (bag === undefined ? path[0] === field.name : path[0] === bag && path[1] === field.name);
  const classes = [draft, ...heirs];
  const heirsOf = (d: Draft): readonly Declared[] => (d === draft ? heirs.map((h) => h.symbol) : []);
  const initialised =
    field.init !== undefined ||
    field.via === 'parameter-property' ||
    field.via === 'property-bag' ||
    classes.some((d) => codeOf(d.symbol).some((c) => c.kind === 'constructor' && c.changes.some(hits)));
  return classes.flatMap((d) => {
    const constructing = constructingMembers(d.symbol, heirsOf(d));
    return codeOf(d.symbol).flatMap((code) =>
      code.changes.filter(hits).map((change): Assignment => {
        const how = constructing.has(code.member)
          ? 'construction'
          : replays(code, d, context.drafts)
            ? 'replay'
            : code.kind === 'set' || isSetMethod(code)
              ? 'setter'
              : !initialised || keepsFirst(code, change)
                ? 'once'
                : 'method';
        return { by: `${d.name}.${code.name}`, at: spanOf(d.symbol.file.facts, change.at), how };
      }),
    );
  });
}

/** `this.id ??= id`, `if (!this.id) this.id = …`, `if (this.id) throw …`. */
function keepsFirst(code: MemberCode, change: OwnChange): boolean {
  if (change.op === '??=' || change.op === '||=') return true;
  const [field = ''] = change.path;
  return (code.fn.body ?? []).some((s) => s.s === 'if' && mentionsField(s.test, field));
}

function mentionsField(e: Expression, name: string): boolean {
  switch (e.e) {
    case 'member':
      return (e.of.e === 'this' && e.name === name) || mentionsField(e.of, name);
    case 'unary':
      return mentionsField(e.of, name);
    case 'binary':
      return mentionsField(e.left, name) || mentionsField(e.right, name);
    default:
      return false;
  }
}

const REPLAYING =
  /^_?(?:apply|on|when|handle|mutate|evolve|replay|reduce|project|load|hydrate|rehydrate|restore|reconstitute|rebuild|from|init(?:ialize|ialise)?)(?=[A-Z_]|$)/;

/** Applies an event, or restores what was stored. */
export function replays({ name, fn, member }: MemberCode, draft: Draft, drafts: Drafts): boolean {
  if (REPLAYING.test(name) || member.decorators.some((d) => /Event|Apply|Reducer|When/.test(d.name))) return true;
  const context = declarationContext(namedType(draft.symbol) as Extract<Type, { k: 'named' }>);
  return fn.parameters.some((p) => {
    const type = p.type && resolveType(p.type, context);
    return type?.k === 'named' && drafts.of(type.symbol)?.kind === 'domain-event';
  });
}

export function isSetMethod({ kind, name, fn }: MemberCode): boolean {
  return kind === 'method' && /^set[A-Z]/.test(name) && fn.parameters.length > 0;
}
