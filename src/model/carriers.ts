import { structure, type Type, unionOf, withoutNull } from './types.js';

/**
 * Result, Either, Option, Effect of libraries that are not installed, known by their names and by how they are used:
 * which type argument is the success, what a method hands to its callback and what it gives back.
 */

type External = Extract<Type, { k: 'external' }>;

const SUCCESS_LAST = /Either|Validation|Datum|These/;
const SUCCESS_FIRST =
  /^(?:Result|ResultAsync|AsyncResult|Ok|Option|Maybe|Some|Just|Effect|Exit|Task|IO|TaskOption|Optional|PromiseSettledResult|PromiseFulfilledResult)$/;

const UNWRAPPING = new Set([
  'value',
  'data',
  'result',
  'right',
  'some',
  'ok',
  'unwrap',
  'unwrapOr',
  'unwrapOrElse',
  'getValue',
  'getOrThrow',
  'getOrElse',
  'getRight',
  'get',
  'expect',
  'safeUnwrap',
  '_unsafeUnwrap',
  'extract',
  'unwrapOrThrow',
  'orDefault',
  'orElseThrow',
  'unsafeCoerce',
]);
const FAILURES = new Set(['error', 'left', 'unwrapErr', 'getError', '_unsafeUnwrapErr', 'extractLeft']);
const OF_FAILURE = /^(?:mapErr|mapError|mapLeft|orElse|chainLeft|catchAll|orElseW|andThenErr|inspectErr|tapError|ifLeft|ifErr)$/;
const MAPPING = /^(?:map|mapAsync|asyncMap|mapRight|as)$/;
const CHAINING = /^(?:andThen|asyncAndThen|chain|chainW|flatMap|bind|chainTaskK|flatMapNullable|chainNullable)$/;
const FOLDING = /^(?:match|fold|matchW|foldW|matchE|either|cata)$/;
/** Factories carry what goes in. */
const CARRYING = new Set([
  'ok',
  'Ok',
  'right',
  'left',
  'some',
  'Some',
  'success',
  'succeed',
  'of',
  'just',
  'Just',
  'err',
  'Err',
  'okAsync',
  'fromNullable',
  'fromPromise',
  'fromSafePromise',
  'tryPromise',
  'tryCatch',
  'try',
  'promise',
  'sync',
  'encase',
]);
const RUNNING = /^run(?:Promise|Sync|PromiseExit|SyncExit)?$/;

export function isCarrier(type: Type): type is External {
  return type.k === 'external' && !type.value && type.args.length > 0 && (SUCCESS_LAST.test(type.name) || SUCCESS_FIRST.test(type.name));
}

/** What a carrier carries when all went well; of one that no library is known for, any of its arguments. */
export function success(type: External): Type | undefined {
  if (SUCCESS_LAST.test(type.name)) return type.args.at(-1);
  if (SUCCESS_FIRST.test(type.name)) return type.args[0];
  return unionOf(type.args);
}

function failure(type: External): Type | undefined {
  if (type.args.length < 2) return undefined;
  return SUCCESS_LAST.test(type.name) ? type.args.at(-2) : type.args[1];
}

/** `.value`, `.unwrap()`, `.error` and their like. */
export function unwrapped(owner: Type, name: string): Type | undefined {
  if (!UNWRAPPING.has(name) && !FAILURES.has(name)) return undefined;
  const carried = parts(owner).flatMap((part) => (FAILURES.has(name) ? failure(part) : success(part)) ?? []);
  return carried.length > 0 ? unionOf(carried) : undefined;
}

/** What a method hands to the callback at `index`. */
export function handedTo(carrier: Type, method: string, index: number): Type | undefined {
  const [part] = parts(carrier);
  if (!part) return undefined;
  if (FOLDING.test(method)) return part.args.length > 1 ? part.args[index] : part.args[0];
  return OF_FAILURE.test(method) ? failure(part) : success(part);
}

/** What a method gives back, from what its callbacks return. */
export function chained(carrier: Type, method: string, returned: (index: number) => Type): Type | undefined {
  const [part] = parts(carrier);
  if (!part || !isCarrier(part)) return undefined;
  if (MAPPING.test(method)) return withSuccess(part, returned(0));
  if (CHAINING.test(method)) {
    const next = returned(0);
    return next.k === 'unknown' || isCarrier(withoutNull(next)) ? next : withSuccess(part, next);
  }
  if (FOLDING.test(method)) return unionOf([returned(0), returned(1)]);
  if (
    OF_FAILURE.test(method) ||
    /^(?:tap|tee|andTee|inspect|andThrough|if[A-Z]|filter|orTee|flatTap|mapErr|toEither|toMaybe|asyncMap)/.test(method)
  )
    return part;
  return undefined;
}

/** `ok(order)`, `Result.ok(order)`, `TE.right(order)`, `ResultAsync.fromPromise(loading)`. */
export function carrying(name: string, module: string | undefined, carried: Type): Type | undefined {
  if (RUNNING.test(name)) return isCarrier(carried) ? success(carried) : undefined;
  return CARRYING.has(name) && carried.k !== 'unknown' ? { k: 'external', name: 'Result', module, args: [carried] } : undefined;
}

export function runsAsync(name: string): boolean {
  return name === 'runPromise';
}

function withSuccess(type: External, next: Type): Type {
  const at = SUCCESS_LAST.test(type.name) ? type.args.length - 1 : 0;
  return { ...type, args: type.args.map((arg, i) => (i === at ? next : arg)) };
}

function parts(type: Type): External[] {
  return (type.k === 'union' ? type.of : [type]).flatMap((part): External[] => {
    const shape = part.k === 'named' && part.symbol.declaration.kind === 'alias' ? structure(part) : part;
    return (shape.k === 'union' ? shape.of : [shape]).filter(
      (inner): inner is External => inner.k === 'external' && !inner.value && inner.args.length > 0,
    );
  });
}
