import type { Expression, FunctionFacts, Statement } from '../../facts/facts.js';
import type { Draft, Drafts } from '../drafts.js';
import { type Env, eachExpressionIn, functionEnv, moduleEnv } from '../infer.js';
import { eachExpression } from '../mutation.js';
import type { ProgramFile } from '../program.js';
import { declarationContext, namedType, programOf, type Type, type TypeContext } from '../types.js';

/** A body of code, and who it belongs to. */
export interface Body {
  /** Undefined for statements that stand free in a file. */
  readonly draft: Draft | undefined;
  readonly file: ProgramFile;
  /** `PlaceOrderHandler.execute`, `placeOrder`. */
  readonly name: string;
  readonly statements: readonly Statement[];
  readonly env: Env;
  readonly fn?: FunctionFacts;
  /** Nobody but its own class, or its own file, calls it. */
  readonly hidden: boolean;
}

/** What a fact looks for in bodies: recognised by syntax alone, then seen in its environment. */
export interface Watcher {
  readonly wanted: (expression: Expression) => boolean;
  readonly see: (expression: Expression, env: Env, body: Body) => void;
}

/** Walks all bodies of the program once for several facts. */
export function watch(drafts: Drafts, watchers: readonly Watcher[]): void {
  for (const body of bodies(drafts)) {
    const wanted = new Map<Expression, Watcher[]>();
    eachExpression(body.statements, (e) => {
      for (const watcher of watchers) if (watcher.wanted(e)) wanted.set(e, [...(wanted.get(e) ?? []), watcher]);
    });
    if (wanted.size === 0) continue;
    const { env } = body;
    eachExpressionIn(
      body.statements,
      env,
      (e) => wanted.has(e),
      (e, inner) => {
        for (const watcher of wanted.get(e) ?? []) watcher.see(e, inner, body);
      },
    );
  }
}

function* bodies(drafts: Drafts): Iterable<Body> {
  for (const draft of drafts.all) yield* bodiesOfDraft(draft);
  for (const file of drafts.program.files.values()) {
    if (file.facts.statements.length === 0 || file.facts.declarationFile) continue;
    const context: TypeContext = { program: drafts.program, scope: file.scope };
    for (const statement of file.facts.statements) {
      const called = statement.s === 'expression' && statement.of.e === 'call' ? statement.of.callee : undefined;
      const name = called?.e === 'member' && called.of.e === 'name' ? `${called.of.name}.${called.name}` : baseName(file.facts.file);
      yield { draft: undefined, file, name, statements: [statement], env: moduleEnv(context), hidden: false };
    }
  }
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** Bodies of a class, function or constant; each is given its environment when that is asked for. */
export function bodiesOfDraft(draft: Draft): Body[] {
  const { symbol } = draft;
  const { declaration, file } = symbol;
  if (declaration.kind === 'function') {
    const { fn } = declaration;
    return fn.body
      ? [inFunction(draft, draft.name, fn, { program: programOf(symbol.scope), scope: symbol.scope }, !declaration.exported)]
      : [];
  }
  if (declaration.kind === 'variable') {
    const context: TypeContext = { program: programOf(symbol.scope), scope: symbol.scope };
    const { init } = declaration;
    if (!init) return [];
    if (init.e === 'function') return init.fn.body ? [inFunction(draft, draft.name, init.fn, context, !declaration.exported)] : [];
    return [free(draft, draft.name, init, context, file)];
  }
  if (declaration.kind !== 'class') return [];
  const self = namedType(symbol) as Extract<Type, { k: 'named' }>;
  const context = declarationContext(self);
  const ofClass: TypeContext = { ...context, self: { k: 'value', symbol } };
  return declaration.members.flatMap((m): Body[] => {
    const within = m.static ? ofClass : context;
    const name = `${draft.name}.${m.name}`;
    const hidden = m.visibility === 'private';
    if (m.kind === 'constructor') return m.fn.body ? [inFunction(draft, `${draft.name}.constructor`, m.fn, within, false)] : [];
    if (m.kind === 'method' || m.kind === 'get' || m.kind === 'set')
      return m.fn.body ? [inFunction(draft, name, m.fn, within, hidden)] : [];
    if (m.kind !== 'property' || !m.init) return [];
    return m.init.e === 'function'
      ? m.init.fn.body
        ? [inFunction(draft, name, m.init.fn, within, hidden)]
        : []
      : [free(draft, name, m.init, within, file)];
  });
}

function inFunction(draft: Draft, name: string, fn: FunctionFacts, context: TypeContext, hidden: boolean): Body {
  let env: Env | undefined;
  return {
    draft,
    file: draft.symbol.file,
    name,
    statements: fn.body ?? [],
    get env() {
      return (env ??= functionEnv(fn, context));
    },
    fn,
    hidden,
  };
}

function free(draft: Draft, name: string, init: Expression, context: TypeContext, file: ProgramFile): Body {
  return { draft, file, name, statements: [{ s: 'expression', of: init }], env: moduleEnv(context), hidden: false };
}
