import type { Expression, Range } from '../../facts/facts.js';
import { type Env, typeOf } from '../infer.js';
import { eachExpression } from '../mutation.js';
import { originOf } from '../outside/origin.js';
import type { Body, Watcher } from '../outside/sightings.js';
import type { ProgramFile } from '../program.js';
import { type FoundMember, findMembers } from '../types.js';

/** A property of a class, interface or object type, by where it is declared. */
export interface OpenProperty {
  readonly name: string;
  readonly file: ProgramFile;
  readonly at: Range;
  /** Of a plain type: what its own function makes and fills is not written from outside. */
  readonly ofType: boolean;
}

export interface OutsideWrite {
  readonly file: ProgramFile;
  readonly at: Range;
}

/** Looks for assignments to the properties, other than on `this`; typed only where the name fits. */
export function outsideWrites(properties: readonly OpenProperty[]): {
  readonly watcher: Watcher;
  readonly found: ReadonlyMap<OpenProperty, readonly OutsideWrite[]>;
} {
  const found = new Map<OpenProperty, OutsideWrite[]>();
  const names = new Map<string, OpenProperty[]>();
  for (const p of properties) names.set(p.name, [...(names.get(p.name) ?? []), p]);
  const see = (e: Expression, env: Env, body: Body): void => {
    const target = assignedIn(e);
    if (!target || isDraft(e, body)) return;
    const members = findMembers(typeOf(target.of, env), target.name);
    for (const property of names.get(target.name) ?? []) {
      if (!members.some((m) => m.context.scope.file === property.file && declaredAt(m) === property.at)) continue;
      if (property.ofType && originOf(target.of, env, body) === 'made') continue;
      found.set(property, [...(found.get(property) ?? []), { file: body.file, at: target.at }]);
    }
  };
  const wanted = (e: Expression): boolean => {
    const target = assignedIn(e);
    return target !== undefined && target.of.e !== 'this' && names.has(target.name);
  };
  return { watcher: { wanted, see }, found };
}

function assignedIn(e: Expression): Extract<Expression, { e: 'member' }> | undefined {
  const target = e.e === 'assign' ? e.target : e.e === 'update' || (e.e === 'unary' && e.op === 'delete') ? e.of : undefined;
  return target?.e === 'member' ? target : undefined;
}

function declaredAt({ is }: FoundMember): Range | undefined {
  if ('kind' in is) return is.kind === 'property' ? is.at : undefined;
  return 'pattern' in is && is.pattern.p === 'name' ? is.pattern.at : undefined;
}

/** Libraries that hand a draft to the callback and make a new value of it. */
const DRAFTING = /^(?:produce|produceWithPatches|createSlice|createReducer|immer)$/;

function isDraft({ at }: Expression, { statements }: Body): boolean {
  let drafted = false;
  eachExpression(statements, (e) => {
    if (e.e !== 'call' || e.at[0] > at[0] || e.at[1] < at[1]) return;
    drafted ||= DRAFTING.test(e.callee.e === 'member' || e.callee.e === 'name' ? e.callee.name : '');
  });
  return drafted;
}
