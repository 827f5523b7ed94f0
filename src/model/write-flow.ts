import type { Expression, FunctionFacts, OpenReceiver } from '../facts/facts.js';
import type { Span } from './domain-model.js';
import type { Draft, Drafts } from './drafts.js';
import type { FunctionPort } from './function-ports.js';
import type { Env, Variable } from './infer.js';
import type { Declared, ProgramFile } from './program.js';
import type { FoundRepository } from './repositories.js';

/** One write on the way of a function. Identity matters: the same object is the same write. */
export interface RawWrite {
  readonly aggregate: Draft;
  readonly member?: Draft;
  readonly at: Span;
  readonly call: string;
  readonly how: 'save' | 'remove' | 'append' | 'change';
  readonly through: readonly string[];
  /** Tells two instances of one type apart: the variable that holds it, where there is one and it was changed here. */
  readonly instance?: Variable | Expression;
  /** Whether that instance was changed or made on the way to the write. */
  readonly changed?: boolean;
  /** The argument that is written: one argument is one write. */
  readonly site?: Expression;
  /** The call that writes, where it is one of a repository, manager or store. */
  readonly source?: WriteSource;
  readonly transaction?: Transaction;
  readonly inLoop: boolean;
  /** The number of what is written, how and where, once it has been asked for. */
  readonly place?: number;
}

export interface WriteSource {
  readonly call: Call;
  readonly env: Env;
}

export interface Transaction {
  readonly name: string;
  readonly at: Span;
}

export interface RawPair {
  readonly first: RawWrite;
  readonly second: RawWrite;
  /** The function in which both meet. */
  readonly within?: FunctionFacts;
}

/** What a function may write, what may have happened when it returns, and what happens on one path. */
export interface Summary {
  readonly writes: readonly RawWrite[];
  readonly exit: readonly RawWrite[];
  readonly pairs: readonly RawPair[];
}

/** By function, and by the class that it runs in. */
export type BySelf<Value> = Map<FunctionFacts, Map<Declared | undefined, Value>>;

/** A summary that ends at a cycle or at the depth limit, and how deep its function was called. */
export interface CutShort {
  readonly depth: number;
  readonly summary: Summary;
}

/** All that the analysis needs to know beside a function's body. */
export interface WriteModel {
  readonly drafts: Drafts;
  readonly repositoryOf: (symbol: Declared) => FoundRepository | undefined;
  readonly portOf: (symbol: Declared) => FunctionPort | undefined;
  /** The roots that a write of a member changes. */
  readonly rootsOf: (draft: Draft) => readonly Draft[];
  /** Roots whose repository has no save: a change is a write. */
  readonly collectionStyle: (root: Draft) => boolean;
  /** Functions that are handlers themselves. */
  readonly isHandler: (fn: FunctionFacts) => boolean;
  /** Functions whose returned function is the handler. */
  readonly curried: Set<FunctionFacts>;
  /** Method names that can lead to a write. */
  readonly suspects: ReadonlySet<string>;
  readonly summaries: BySelf<Summary>;
  readonly active: Set<FunctionFacts>;
  readonly cut: {
    /** How often a cycle or the depth limit cut a summary short. */
    times: number;
    /** How many pairs were brought up within the entry that is being followed, and what came of functions that were cut short in it. */
    lifted: number;
    readonly summaries: BySelf<CutShort>;
    /** How often a function was cut short in all entries, and the summary that goes furthest. */
    readonly followed: BySelf<CutShort & { readonly times: number }>;
    /** Places of writes are numbered: there may be millions of pairs to compare. */
    readonly places: Map<string, number>;
    readonly handlers: Map<FunctionFacts, number>;
  };
  /** Receivers of possible writes that linking could not type. */
  readonly open: Map<string, OpenReceiver>;
}

/** A value in flight along one path: what may have been written before this point. */
export interface Flow {
  readonly before: Set<RawWrite>;
  /** Changes that a unit of work will write when it is flushed. */
  readonly pending: Map<unknown, RawWrite>;
  dead: boolean;
}

/** Keys of the first so many of a growing list. */
export interface Known {
  readonly keys: Set<number>;
  upTo: number;
}

export interface Walk {
  readonly model: WriteModel;
  readonly file: ProgramFile;
  readonly writes: RawWrite[];
  readonly pairs: RawPair[];
  /** Where there are many of them: those by their keys. */
  readonly known: { readonly writes: Known; readonly pairs: Known };
  readonly exits: Set<RawWrite>;
  readonly fn: FunctionFacts;
  transaction: Transaction | undefined;
  loops: number;
}

export type Call = Extract<Expression, { e: 'call' }>;

export function nothingKnown(): Known {
  return { keys: new Set(), upTo: 0 };
}

export function newFlow(): Flow {
  return { before: new Set(), pending: new Map(), dead: false };
}

export function fork(flow: Flow): Flow {
  return { before: new Set(flow.before), pending: new Map(flow.pending), dead: flow.dead };
}

/** Either branch may have been taken; one that ended does not come this way. */
export function join(into: Flow, branches: readonly Flow[]): void {
  const alive = branches.filter((b) => !b.dead);
  into.dead = alive.length === 0;
  into.before.clear();
  into.pending.clear();
  for (const branch of alive) {
    for (const write of branch.before) into.before.add(write);
    for (const [key, write] of branch.pending) into.pending.set(key, write);
  }
}

export function emit(write: RawWrite, flow: Flow, walk: Walk): void {
  // One argument of a union type is one write, of whichever it turns out to be.
  for (const first of flow.before)
    if (first !== write && (first.site === undefined || first.site !== write.site)) walk.pairs.push({ first, second: write });
  flow.before.add(write);
  walk.writes.push(write);
}
