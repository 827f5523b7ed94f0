import type { Expression, FunctionFacts } from '../../facts/facts.js';
import { mappingOf } from '../access/orm-mapping.js';
import { codeOf } from '../access/own-changes.js';
import { ownIdentity } from '../access/subjects.js';
import { identifierConcept, identityField } from '../boundaries.js';
import type { Identity, IdentityAccessor } from '../domain-model.js';
import type { Draft, Drafts } from '../drafts.js';
import { propertyType, returnType } from '../infer.js';
import { eachExpression } from '../mutation.js';
import { conceptName } from '../roles.js';
import { describe, type StateField } from '../state.js';
import { namedType, superTypes, type Type } from '../types.js';

/** How the outside asks each root and entity who it is. */
export function findIdentities(drafts: Drafts): Identity[] {
  const mapping = mappingOf(drafts);
  return drafts.all.flatMap((draft) => {
    if (draft.base || (draft.kind !== 'aggregate-root' && draft.kind !== 'entity')) return [];
    const fields = [...new Set([ownIdentity(draft, drafts), identityField(draft)])].filter((field) => field !== undefined);
    const accessors = accessorsOf(draft, fields);
    const generated = fields.some((field) => mapping.generated(field, field.declaredIn ?? draft.symbol, draft));
    return accessors.length > 0 ? [{ block: draft.id, accessors, generated }] : [];
  });
}

function accessorsOf(draft: Draft, fields: readonly StateField[]): IdentityAccessor[] {
  const itself = namedType(draft.symbol);
  const open = fields
    .filter((field) => field.visibility === 'public' && field.via !== 'property-bag')
    .map((field) => accessor(field.name, false, field.type));
  const computed = classesOf(itself).flatMap(({ symbol }) =>
    codeOf(symbol).flatMap(({ member, name, kind, fn }) => {
      if ((kind !== 'get' && kind !== 'method') || member.visibility !== 'public' || !asksIdentityAlone(name, fn, fields)) return [];
      const value = propertyType(itself, name);
      return [accessor(name, kind === 'method', value.k === 'function' ? returnType(value, []) : value)];
    }),
  );
  const named = new Map([...computed, ...open].map((each) => [each.name, each]));
  return [...named.values()].sort((a, b) => rank(a, draft) - rank(b, draft));
}

/** What is typed by the block's own identifier comes before the identifier that all share, a property before a method. */
function rank({ names, call }: IdentityAccessor, draft: Draft): number {
  const own = names.some(({ name }) => identifierConcept(name) === conceptName(draft.name));
  return (own ? 0 : 2) + (call ? 1 : 0);
}

function classesOf(type: Type): Extract<Type, { k: 'named' }>[] {
  const found: Extract<Type, { k: 'named' }>[] = [];
  for (let at: Type | undefined = type; at?.k === 'named' && found.length < 8; at = superTypes(at)[0]) found.push(at);
  return found;
}

/** `return this._id`, `return OrderId.create(this.props.id)`: nothing else of `this`. */
function asksIdentityAlone(name: string, fn: FunctionFacts, fields: readonly StateField[]): boolean {
  const [only, ...rest] = fn.body ?? [];
  if (!/(?:id|identity|uuid|guid)$/i.test(name) || fn.async || fn.generator || fn.parameters.length > 0) return false;
  if (only?.s !== 'return' || rest.length > 0) return false;
  const paths = new Set(fields.map((f) => (f.via === 'property-bag' ? `${f.bag?.name}.${f.name}` : f.name)));
  const bags = new Set(fields.flatMap((f) => (f.via === 'property-bag' && f.bag ? [f.bag.name] : [])));
  let asked = 0;
  let other = 0;
  let opened = 0;
  eachExpression([only], (e) => {
    if (e.e === 'this') other++;
    const path = pathFromThis(e);
    if (path === undefined) return;
    if (paths.has(path)) {
      asked++;
      if (path.includes('.')) opened--;
      else other--;
    } else if (bags.has(path)) {
      opened++;
      other--;
    }
  });
  return asked > 0 && other === 0 && opened === 0;
}

function pathFromThis(e: Expression): string | undefined {
  if (e.e !== 'member') return undefined;
  if (e.of.e === 'this') return e.name;
  const of = pathFromThis(e.of);
  return of === undefined ? undefined : `${of}.${e.name}`;
}

function accessor(name: string, call: boolean, type: Type): IdentityAccessor {
  const names = namesIn(type);
  return { name, call, ...(names ? { type: describe(type) } : {}), names: names ?? [] };
}

/** Undefined for a type that no short text names. */
function namesIn(type: Type): IdentityAccessor['names'] | undefined {
  switch (type.k) {
    case 'primitive':
      return [];
    case 'named':
      return type.symbol.outer === undefined
        ? joined(type.args, [{ name: type.symbol.name, from: type.symbol.file.facts.file, package: false }])
        : undefined;
    case 'external':
      if (type.value || type.name.includes('.')) return undefined;
      return joined(type.args, type.module === undefined ? [] : [{ name: type.name, from: type.module, package: true }]);
    default:
      return undefined;
  }
}

function joined(args: readonly Type[], own: IdentityAccessor['names']): IdentityAccessor['names'] | undefined {
  const inner = args.map(namesIn);
  return inner.includes(undefined) ? undefined : [...own, ...inner.flatMap((names) => names ?? [])];
}
