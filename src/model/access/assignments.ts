import type { Expression } from '../../facts/facts.js';
import type { Assignment } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { spanOf } from '../program.js';
import type { StateField } from '../state.js';
import { declarationContext, namedType, resolveType, type Type } from '../types.js';
import { codeOf, constructingMembers, type MemberCode, type OwnChange } from './own-changes.js';
import type { MutabilityContext, Subject } from './subjects.js';

/** A member of the class or of an heir that changes something, and when it runs. */
export interface Writer {
  readonly of: Draft;
  readonly code: MemberCode;
  readonly constructing: boolean;
  readonly replaying: boolean;
}

export function writersIn({ draft, heirs }: Subject, { drafts }: MutabilityContext): readonly Writer[] {
  const classes = [draft, ...heirs];
  return classes.flatMap((of): Writer[] => {
    const codes = codeOf(of.symbol).filter((c) => c.changes.length > 0);
    if (codes.length === 0) return [];
    const constructing = constructingMembers(of.symbol, of === draft ? heirs.map((h) => h.symbol) : []);
    return codes.map((code) => ({ of, code, constructing: constructing.has(code.member), replaying: replays(code, of, drafts) }));
  });
}

export function assignmentsTo(field: StateField, writers: readonly Writer[]): Assignment[] {
  const bag = field.via === 'property-bag' ? field.bag?.name : undefined;
  const hits = ({ path }: OwnChange): boolean => (bag === undefined ? path[0] === field.name : path[0] === bag && path[1] === field.name);
  const hitting = writers.flatMap((writer) => writer.code.changes.filter(hits).map((change) => ({ writer, change })));
  const initialised =
    field.init !== undefined ||
    field.via === 'parameter-property' ||
    field.via === 'property-bag' ||
    hitting.some(({ writer }) => writer.code.kind === 'constructor');
  return hitting.map(({ writer, change }) => ({
    by: `${writer.of.name}.${writer.code.name}`,
    at: spanOf(writer.of.symbol.file.facts, change.at),
    how: howOf(writer, change, initialised),
  }));
}

/** Its own constructor aside, nothing in the class or its heirs gives the field another value. To an entry of a bag not even that does. */
export function isSettled(field: StateField, owner: Draft, writers: readonly Writer[]): boolean {
  const place = field.via === 'property-bag' ? [field.bag?.name ?? '', field.name] : [field.name];
  return !writers.some(({ of, code }) => {
    const constructs = code.kind === 'constructor' && of === owner && field.via !== 'property-bag';
    return !constructs && code.changes.some(({ path, inPlace }) => !inPlace && (path[0] === '*' || path.join('.') === place.join('.')));
  });
}

function howOf({ code, constructing, replaying }: Writer, change: OwnChange, initialised: boolean): Assignment['how'] {
  if (constructing) return 'construction';
  if (replaying) return 'replay';
  if (code.kind === 'set' || isSetMethod(code)) return 'setter';
  return !initialised || keepsFirst(code, change) ? 'once' : 'method';
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
