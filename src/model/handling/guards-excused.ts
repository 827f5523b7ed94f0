import type { Expression } from '../../facts/facts.js';
import { lookup } from '../infer.js';
import { isCreation } from '../instances.js';
import type { Refusal } from '../invariants/refusals.js';
import { eachExpression } from '../mutation.js';
import { stateOf } from '../state.js';
import { expressionText } from '../text.js';
import { type Type, withoutNull } from '../types.js';
import type { StateRead } from './guard-reads.js';

/** Conditions that are the handler's own business: is it there, is it unique, may this actor. */
export function isExcused(refusal: Refusal, read: StateRead): boolean {
  const said = words(refusal.with);
  return (
    NOT_FOUND.test(said) ||
    NOT_UNIQUE.test(said) ||
    NOT_ALLOWED.test(said) ||
    isPermission(read) ||
    isOwnership(read) ||
    isNotification(read) ||
    isPresence(read) ||
    isNew(read)
  );
}

const NOT_FOUND = /not[\s_-]?found|no[\s_-]?such|(?:does|did)(?:n't|[\s_-]?not)[\s_-]?exist|\bunknown\b|NoLongerExists/i;
const NOT_UNIQUE = /already[\s_-]?(?:exists?|taken|in[\s_-]?use|registered)|duplicate|not[\s_-]?unique|\btaken\b/i;
const NOT_ALLOWED =
  /forbidden|unauth|not[\s_-]?authori[sz]ed|access[\s_-]?denied|permission|credential|not[\s_-]?(?:the[\s_-]?)?owner|ownership|(?:^|[\s(.])NotAllowed(?:Error|Exception)?(?:$|[\s(.])|\bnot your\b/i;

/** What a refusal says, in one string: class names, codes, messages. */
function words(e: Expression | undefined): string {
  if (!e) return '';
  const found: string[] = [];
  eachExpression([{ s: 'expression', of: e }], (x) => {
    if (x.e === 'name' || x.e === 'member') found.push(x.name);
    else if (x.e === 'literal' && typeof x.value === 'string') found.push(x.value);
  });
  return found.join(' ');
}

/** The words of a name: `verifyPassword` is about a password. */
function wordsOf(name: string): string[] {
  return name.split(/(?<=[a-z0-9])(?=[A-Z])|[_#-]+/).map((word) => word.toLowerCase());
}

const CREDENTIALS =
  /^(?:passwords?|passwd|passphrase|credentials?|secrets?|tokens?|otp|signature|permissions?|privileges?|authori[sz]ed|authenticated)$/;
const OWNS = /^(?:is|was|does|has)?_?(?:owner|owned|author|authored|creator|created|belongs?)_?(?:by|to|of)?$/i;
const ACTOR =
  /^(?:current|acting|requesting|authenticated|logged\w*|calling)_?(?:user|member|account)$|^(?:actor|requester|requestor|executor|caller|principal|viewer|me)$/i;

/** `order.isOwnedBy(actor)`, `user.verifyPassword(given)`, `requester.isAdmin`. */
function isPermission({ names, of }: StateRead): boolean {
  return isCredential([...names, of.draft.name]) || names.some((n) => OWNS.test(n)) || ACTOR.test(of.variable.name);
}

export function isCredential(names: readonly string[]): boolean {
  return names.some((n) => wordsOf(n).some((word) => CREDENTIALS.test(word)));
}

/** Refused when whom the root belongs to is not who was given: `answer.authorId !== authorId`. */
function isOwnership({ names, compared, condition }: StateRead): boolean {
  if (!compared || !isUnequal(condition.test, condition.holds, compared.op)) return false;
  const given = expressionText(compared.with);
  if (given === 'null' || given === 'undefined') return false;
  const [first = ''] = names;
  const last = names.findLast((n) => !UNWRAPS.test(n)) ?? '';
  // `budget.store.id !== store.id`: it belongs to another.
  const isIdentity = /[a-z](?:Id|Uuid)$/.test(last) || names.slice(1).some((n) => /^(?:_?id|getId)$/.test(n));
  return PEOPLE.test(last) || PEOPLE.test(first) || isIdentity;
}

const UNWRAPS = /^(?:toString|toValue|getValue|getId|value|valueOf|equals|unpack|raw|id|\[\])$/;
const PEOPLE =
  /^(?:get)?_?(?:user|owner|author|creator|customer|recipient|member|account|seller|buyer|sender|organi[sz]er|host|tenant|assignee)(?:_?id|Uuid)?$/i;

/** Whether the refusal comes when both sides differ. */
function isUnequal(test: Expression, holds: boolean, op: string): boolean {
  const negated = test.e === 'unary' && test.op === '!';
  return op.startsWith('!') ? holds && !negated : op.startsWith('=') ? holds === negated : false;
}

/** `order.notification.hasErrors()`, `order.isValid()`. */
function isNotification({ names }: StateRead): boolean {
  return names.some((n) => /^(?:notification|has_?errors?|errors|violations|is_?valid|is_?invalid|valid(?:ate|ation)?\w*)$/i.test(n));
}

/** `!found.id`, `!user.email`, `!message.subscriber`: whether there is one at all. */
function isPresence({ names, compared, of, part }: StateRead): boolean {
  const [name] = names;
  if (compared !== undefined || names.length !== 1 || name === undefined) return false;
  if (/^_?(?:id|uuid)$/i.test(name)) return true;
  const type = stateOf(of.draft.symbol).find((f) => f.name === name)?.type;
  const inner = type && withoutNull(type);
  return (
    part.e === 'unary' && part.op === '!' && inner !== undefined && (inner.k === 'primitive' ? inner.name === 'string' : isReference(inner))
  );
}

function isReference(type: Type): boolean {
  return type.k === 'named' && type.symbol.declaration.kind === 'class' && stateOf(type.symbol).some((f) => /^_?id$/.test(f.name));
}

/** Made here: nothing is changed, something new is refused. */
function isNew({ of: { variable } }: StateRead): boolean {
  let { init } = variable;
  for (let i = 0; init && i < 5; i++) {
    if (init.e === 'await' || init.e === 'as' || init.e === 'member') init = init.of;
    else if (init.e === 'call' && init.callee.e === 'member' && init.args.length === 0 && init.callee.of.e === 'name')
      init = init.callee.of;
    else if (init.e === 'name') init = lookup(variable.env, init.name)?.init;
    else break;
  }
  return init !== undefined && isCreation(init);
}
