import type { ClassMember, Expression, FunctionFacts, Range, Statement } from '../../facts/facts.js';
import { once } from '../memo.js';
import { eachExpression } from '../mutation.js';
import type { Declared } from '../program.js';

/** A place where a class changes what `this` holds. */
export interface OwnChange {
  /** `['props', 'title']` for `this.props.title = …`. */
  readonly path: readonly string[];
  readonly at: Range;
  /** `=`, `??=`, `++`, `delete`; for a call that changes in place its name. */
  readonly op: string;
  readonly inPlace: boolean;
  readonly value?: Expression;
  /** Under a condition of this member. */
  readonly conditional: boolean;
}

/** A member with a body, arrow-function fields among them. */
export interface MemberCode {
  readonly member: ClassMember;
  readonly name: string;
  readonly kind: 'constructor' | 'method' | 'get' | 'set';
  readonly fn: FunctionFacts;
  readonly changes: readonly OwnChange[];
  /** Names read, called or assigned directly on `this`. */
  readonly reads: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
}

const codes = new WeakMap<Declared, readonly MemberCode[]>();

/** The members of a class that run, with what each changes of `this`; static ones make instances and are left out. */
export function codeOf(symbol: Declared): readonly MemberCode[] {
  return once(codes, symbol, () =>
    symbol.declaration.kind === 'class' ? symbol.declaration.members.flatMap((member) => memberCode(member)) : [],
  );
}

function memberCode(member: ClassMember): MemberCode[] {
  if (member.static) return [];
  const is =
    member.kind === 'method' || member.kind === 'get' || member.kind === 'set' || member.kind === 'constructor'
      ? { kind: member.kind, fn: member.fn }
      : member.kind === 'property' && member.init?.e === 'function'
        ? { kind: 'method' as const, fn: member.init.fn }
        : undefined;
  if (!is?.fn.body) return [];
  const reads = new Set<string>();
  const writes = new Set<string>();
  const targets = new Set<Expression>();
  eachExpression(is.fn.body, (e) => {
    if (e.e === 'assign' || e.e === 'update') {
      for (const target of assignedTargets(e.e === 'assign' ? e.target : e.of)) {
        targets.add(target);
        if (target.e === 'member' && target.of.e === 'this') writes.add(target.name);
      }
    }
    if (e.e === 'member' && (e.of.e === 'this' || e.of.e === 'super') && !targets.has(e)) reads.add(e.name);
  });
  return [{ member, name: member.name, kind: is.kind, fn: is.fn, changes: ownChanges(is.fn.body), reads, writes }];
}

export function ownChanges(body: readonly Statement[]): OwnChange[] {
  const found: OwnChange[] = [];
  const aliases = aliasesOfState(body);
  const unconditional = new Set<Expression>();
  for (const e of topLevel(body)) unconditional.add(e);
  eachExpression(body, (e) => {
    const note = (target: Expression, op: string, inPlace: boolean, value?: Expression): void => {
      const path = pathOnThis(target, aliases);
      if (path && path.length > 0)
        found.push({ path, at: target.at, op, inPlace, ...(value ? { value } : {}), conditional: !unconditional.has(e) });
    };
    if (e.e === 'assign') for (const target of assignedTargets(e.target)) note(target, e.op, false, e.value);
    else if (e.e === 'update') note(e.of, e.op, false);
    else if (e.e === 'unary' && e.op === 'delete') note(e.of, 'delete', false);
    else if (e.e === 'call' && e.callee.e === 'member' && IN_PLACE.test(e.callee.name)) note(e.callee.of, e.callee.name, true);
    else if (isAssignInto(e)) {
      const [target] = e.args;
      if (target?.e === 'this') found.push({ path: ['*'], at: e.at, op: '=', inPlace: false, conditional: !unconditional.has(e) });
      else if (target) note(target, '=', false, e.args[1]);
    }
  });
  return found;
}

const IN_PLACE = /^(?:push|pop|shift|unshift|splice|set|add|delete|clear)$/;

/** `Object.assign(this, …)`. */
function isAssignInto(e: Expression): e is Extract<Expression, { e: 'call' }> {
  return (
    e.e === 'call' && e.callee.e === 'member' && e.callee.name === 'assign' && e.callee.of.e === 'name' && e.callee.of.name === 'Object'
  );
}

/** Destructuring assigns several at once. */
function assignedTargets(target: Expression): Expression[] {
  if (target.e === 'array') return target.elements.flatMap((x) => (x ? assignedTargets(x) : []));
  if (target.e === 'object') return target.entries.flatMap((x) => (x.o === 'property' ? assignedTargets(x.value) : []));
  return [target];
}

/** `this.props.title` and `this.rates[code]` are places in the state; what a call returns is not. */
export function pathOnThis(e: Expression, aliases: ReadonlyMap<string, readonly string[]> = new Map()): string[] | undefined {
  switch (e.e) {
    case 'this':
      return [];
    case 'name': {
      const alias = aliases.get(e.name);
      return alias && [...alias];
    }
    case 'member': {
      const of = pathOnThis(e.of, aliases);
      return of && [...of, e.name];
    }
    case 'index':
    case 'as':
      return pathOnThis(e.of, aliases);
    default:
      return undefined;
  }
}

/** `const { props } = this`, `const props = this.props`. */
function aliasesOfState(body: readonly Statement[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const s of body) {
    if (s.s !== 'variables') continue;
    for (const { pattern, init } of s.declarations) {
      const path = init && init.e !== 'this' ? pathOnThis(init) : undefined;
      if (path && pattern.p === 'name') found.set(pattern.name, path);
      else if (pattern.p === 'object' && init && (init.e === 'this' || path))
        for (const entry of pattern.entries) if (entry.value.p === 'name') found.set(entry.value.name, [...(path ?? []), entry.key]);
    }
  }
  // Assigning the name itself changes the variable.
  eachExpression(body, (e) => {
    if (e.e === 'assign' && e.target.e === 'name') found.delete(e.target.name);
  });
  return found;
}

/** Expressions that run whenever the body does. */
function topLevel(body: readonly Statement[]): Expression[] {
  return body.flatMap((s): Expression[] => {
    if (s.s === 'expression') return [s.of];
    if (s.s === 'return') return s.of ? [s.of] : [];
    return s.s === 'block' || s.s === 'try' ? topLevel(s.body) : [];
  });
}

/** Members that only construction runs: private, and called by nobody but the constructor and others like them. */
export function constructingMembers(symbol: Declared, heirs: readonly Declared[]): ReadonlySet<ClassMember> {
  const own = codeOf(symbol);
  const callers = [...own, ...heirs.flatMap((h) => codeOf(h))];
  const found = new Set<ClassMember>(own.filter((c) => c.kind === 'constructor').map((c) => c.member));
  for (const heir of heirs) for (const c of codeOf(heir)) if (c.kind === 'constructor') found.add(c.member);
  const uses = (caller: MemberCode, code: MemberCode): boolean =>
    caller !== code && (code.kind === 'set' ? caller.writes : caller.reads).has(code.name);
  for (let grown = true; grown; ) {
    grown = false;
    for (const code of own) {
      if (found.has(code.member) || code.member.visibility === 'public' || code.kind === 'constructor') continue;
      if (!callers.filter((c) => uses(c, code)).every((c) => found.has(c.member))) continue;
      found.add(code.member);
      grown = true;
    }
  }
  return found;
}

/** Computes what it returns once, and keeps it: `return (this.hash ??= …)`, perhaps with a flag beside. */
export function memoizes(code: MemberCode, changes: readonly OwnChange[]): boolean {
  const parameters = parameterNames(code.fn);
  const given = (e: Expression): boolean => mentions(e, (x) => x.e === 'name' && parameters.has(x.name));
  const returned: Expression[] = [];
  const tested: Expression[] = [];
  collectReturned(code.fn.body ?? [], returned, tested);
  const keys = new Set(changes.map((c) => c.path.join('.')));
  const speaksOf = (e: Expression, field?: string): boolean =>
    mentions(e, (x) => {
      const path = pathOnThis(x)?.join('.');
      return path !== undefined && (field === undefined ? keys.has(path) : path === field);
    });
  const kept = changes.filter((c) => !c.inPlace && returned.some((e) => speaksOf(e, c.path.join('.'))));
  const lazily = kept.some((c) => c.op === '??=' || c.op === '||=') || tested.some((e) => speaksOf(e)) || returned.some(isFallback);
  return changes.every((change) => {
    const field = change.path.join('.');
    if (change.inPlace) return /cache|memo/i.test(field) || (change.op === 'set' && returned.length > 0 && looksUp(code, field));
    if (change.value && given(change.value)) return false;
    return kept.includes(change) ? lazily && change.value?.e !== 'literal' : lazily && kept.length > 0 && change.value?.e === 'literal';
  });
}

/** `this.rates.get(code)` or `.has(code)` in the same member that sets it. */
function looksUp(code: MemberCode, field: string): boolean {
  let found = false;
  eachExpression(code.fn.body ?? [], (e) => {
    if (e.e === 'call' && e.callee.e === 'member' && /^(?:get|has)$/.test(e.callee.name))
      found ||= pathOnThis(e.callee.of)?.join('.') === field;
  });
  return found;
}

function isFallback(e: Expression): boolean {
  return e.e === 'binary' && (e.op === '??' || e.op === '||') && e.right.e === 'assign';
}

function collectReturned(body: readonly Statement[], returned: Expression[], tested: Expression[]): void {
  for (const s of body) {
    if (s.s === 'return' && s.of) {
      returned.push(s.of);
      if (s.of.e === 'conditional') tested.push(s.of.test);
    }
    if (s.s === 'if') {
      tested.push(s.test);
      collectReturned(s.yes, returned, tested);
      collectReturned(s.no ?? [], returned, tested);
    } else if (s.s === 'block' || s.s === 'try' || s.s === 'loop' || s.s === 'each') collectReturned(s.body, returned, tested);
  }
}

export function parameterNames(fn: FunctionFacts): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (pattern: FunctionFacts['parameters'][number]['pattern']): void => {
    if (pattern.p === 'name') names.add(pattern.name);
    else if (pattern.p === 'object') for (const entry of pattern.entries) visit(entry.value);
    else for (const element of pattern.elements) if (element) visit(element.value);
  };
  for (const parameter of fn.parameters) visit(parameter.pattern);
  return names;
}

export function mentions(expression: Expression, test: (e: Expression) => boolean): boolean {
  let found = false;
  eachExpression([{ s: 'expression', of: expression }], (e) => {
    found ||= test(e);
  });
  return found;
}
