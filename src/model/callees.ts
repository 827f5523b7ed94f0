import type { FunctionFacts } from '../facts/facts.js';
import { implementationsOf } from './actors.js';
import type { Drafts } from './drafts.js';
import { callable, type Env, foundMemberType, typeOf } from './infer.js';
import type { Declared } from './program.js';
import { expressionText } from './text.js';
import { findMembers, namedType, type TypeContext, withoutNull } from './types.js';
import type { Call } from './write-flow.js';

/** All that finding a callee needs of a walk. */
export interface AtHand {
  readonly model: { readonly drafts: Drafts };
}

export interface CallTarget {
  readonly fn: FunctionFacts;
  readonly context: TypeContext;
  readonly env?: Env;
  readonly name: string;
  /** The class or interface that declares it. */
  readonly owner?: Declared;
}

export function targetsOf(call: Call, env: Env, walk: AtHand): CallTarget[] {
  const { callee } = call;
  if (callee.e === 'member') {
    const receiver = callee.of.e === 'super' ? typeOf(callee.of, env) : withoutNull(typeOf(callee.of, env));
    return findMembers(receiver, callee.name).flatMap((member) => {
      const fn = callable(foundMemberType(member));
      if (!fn) return [];
      const label = member.owner ? `${member.owner.name}.${callee.name}` : callee.name;
      if (fn.fn.body)
        return [
          {
            fn: fn.fn,
            context: callee.of.e === 'super' ? { ...fn.context, ...(env.context.self ? { self: env.context.self } : {}) } : fn.context,
            ...(fn.env ? { env: fn.env } : {}),
            name: label,
            ...(member.owner ? { owner: member.owner } : {}),
          },
        ];
      return implemented(member.owner, callee.name, walk);
    });
  }
  const fn = callable(typeOf(callee, env));
  if (!fn) return [];
  if (fn.fn.body) return [{ fn: fn.fn, context: fn.context, ...(fn.env ? { env: fn.env } : {}), name: expressionText(callee) }];
  return [];
}

/** The one class that implements an interface's or abstract class's method; of several, which one runs is not known. */
export function implemented(owner: Declared | undefined, name: string, walk: AtHand): CallTarget[] {
  if (!owner) return [];
  const classes = implementationsOf(owner, walk.model.drafts).filter(
    (d) => !/^(?:InMemory|Fake|Stub|Mock|Dummy|Test)|(?:Stub|Mock|Fake|Decorator|Wrapper|Proxy)$/.test(d.name),
  );
  const [only] = classes;
  if (classes.length !== 1 || !only) return [];
  return findMembers(namedType(only.symbol), name).flatMap((member) => {
    const fn = callable(foundMemberType(member));
    return fn?.fn.body
      ? [{ fn: fn.fn, context: fn.context, ...(fn.env ? { env: fn.env } : {}), name: `${only.name}.${name}`, owner: only.symbol }]
      : [];
  });
}
