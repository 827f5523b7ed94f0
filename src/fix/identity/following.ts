import { ts, type tsTypes } from '../../facts/compiler.js';
import type { ImportNeed, Patch, TextEdit } from '../patch.js';
import type { Workspace } from '../workspace.js';
import type { Obstacle } from './obstacles.js';
import { bare, declaredAt, keyOf } from './symbols.js';
import type { Target } from './target.js';

/** One object being followed through the code, and what has to be written where it becomes its identity. */
export interface Following {
  readonly workspace: Workspace;
  readonly target: Target;
  readonly checker: (node: tsTypes.Node) => tsTypes.TypeChecker;
  readonly edit: (node: tsTypes.Node, start: number, end: number, text: string) => void;
  readonly rename: (name: tsTypes.Node, text: string) => void;
  readonly need: (need: ImportNeed) => void;
  readonly stop: (obstacle: Obstacle) => void;
  /** What holds an identity from now on, with its new name. */
  readonly slots: ReadonlyMap<string, string>;
  /** False where it is one already. */
  readonly begin: (declaration: tsTypes.Node, name: string) => boolean;
  /** Whether the expression gives an identity from now on. */
  readonly gives: (expression: tsTypes.Expression) => boolean;
  /** False where somebody has been here. */
  readonly visit: (node: tsTypes.Node, why: 'use' | 'source' | 'parameter') => boolean;
  /** Writes once all is known. */
  readonly last: (at: tsTypes.Node, write: () => void) => void;
  /** Undoes everything where an obstacle is met. */
  readonly attempt: (work: () => void) => boolean;

  /** This expression gives an identity now: whatever takes it has to follow. */
  readonly use: (expression: tsTypes.Expression) => void;
  /** An identity is wanted where this expression stands. */
  readonly source: (expression: tsTypes.Expression) => void;
  /** A field, property, accessor or method, in all its declarations and uses. */
  readonly member: (name: tsTypes.Node) => void;
  readonly local: (name: tsTypes.Identifier) => void;
  readonly parameter: (parameter: tsTypes.ParameterDeclaration) => void;
  readonly retype: (type: tsTypes.TypeNode) => void;
  readonly collectionUse: (expression: tsTypes.Expression) => void;
}

interface State {
  readonly edits: Map<string, TextEdit>;
  readonly imports: Map<string, ImportNeed>;
  readonly slots: Map<string, string>;
  readonly visited: Set<string>;
  readonly last: Map<tsTypes.Node, () => void>;
}

/** The steps call one another through what they are given: the code that they follow is as recursive. */
export type Steps = { readonly [Name in 'use' | 'source' | 'member' | 'local' | 'parameter' | 'retype' | 'collectionUse']: Step<Name> };
type Step<Name extends keyof Following> = Following[Name] extends (at: infer At) => void ? (at: At, following: Following) => void : never;

export interface Followed {
  readonly obstacles: readonly Obstacle[];
  readonly slots: ReadonlyMap<string, string>;
  readonly patch: Patch;
}

export function follow(target: Target, workspace: Workspace, steps: Steps, work: (following: Following) => void): Followed {
  let state: State = { edits: new Map(), imports: new Map(), slots: new Map(), visited: new Set(), last: new Map() };
  let obstacles: Obstacle[] = [];
  const checker = (node: tsTypes.Node): tsTypes.TypeChecker => workspace.checker(node.getSourceFile().fileName);
  const edit = (node: tsTypes.Node, start: number, end: number, text: string): void => {
    const file = node.getSourceFile().fileName;
    const key = `${file}:${start}:${end}`;
    const known = state.edits.get(key);
    if (known && known.text !== text) obstacles.push({ what: 'other', why: 'two changes meet', at: node });
    state.edits.set(key, { file, start, end, text });
  };
  const following: Following = {
    workspace,
    target,
    checker,
    edit,
    rename: (name, text) => edit(name, name.getStart(), name.end, text),
    need: (need) => state.imports.set(`${need.file} ${need.name}`, need),
    stop: (obstacle) => obstacles.push(obstacle),
    get slots() {
      return state.slots;
    },
    begin: (declaration, name) => {
      const key = keyOf(declaration);
      if (state.slots.has(key)) return false;
      state.slots.set(key, name);
      return true;
    },
    gives: (expression) => {
      const inner = bare(expression);
      if (state.visited.has(`use ${spanOf(inner)}`) || state.visited.has(`use ${spanOf(expression)}`)) return true;
      const name = nameIn(inner);
      return name !== undefined && declaredAt(name, checker(name)).some((d) => state.slots.has(keyOf(d)));
    },
    visit: (node, why) => {
      const key = `${why} ${spanOf(node)}`;
      if (state.visited.has(key)) return false;
      state.visited.add(key);
      return true;
    },
    last: (at, write) => state.last.set(at, write),
    attempt: (attempted) => {
      const before = state;
      const known = obstacles;
      state = {
        edits: new Map(before.edits),
        imports: new Map(before.imports),
        slots: new Map(before.slots),
        visited: new Set(before.visited),
        last: new Map(before.last),
      };
      obstacles = [];
      attempted();
      const succeeded = obstacles.length === 0;
      if (!succeeded) state = before;
      obstacles = known;
      return succeeded;
    },
    use: (expression) => steps.use(expression, following),
    source: (expression) => steps.source(expression, following),
    member: (name) => steps.member(name, following),
    local: (name) => steps.local(name, following),
    parameter: (parameter) => steps.parameter(parameter, following),
    retype: (type) => steps.retype(type, following),
    collectionUse: (expression) => steps.collectionUse(expression, following),
  };
  work(following);
  for (const write of state.last.values()) write();
  return { obstacles, slots: state.slots, patch: { edits: [...state.edits.values()], imports: [...state.imports.values()] } };
}

function spanOf(node: tsTypes.Node): string {
  return `${keyOf(node)}:${node.end}`;
}

/** The name that an expression ends in: `customer` of `order.customer`, `getCustomer` of `order.getCustomer()`. */
function nameIn(expression: tsTypes.Expression): tsTypes.Node | undefined {
  if (ts.isIdentifier(expression)) return expression;
  if (ts.isPropertyAccessExpression(expression)) return expression.name;
  if (ts.isElementAccessExpression(expression) && ts.isStringLiteral(expression.argumentExpression)) return expression.argumentExpression;
  if (ts.isCallExpression(expression) && expression.arguments.length === 0 && ts.isPropertyAccessExpression(expression.expression))
    return expression.expression.name;
  return undefined;
}
