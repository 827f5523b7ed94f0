import type { Change } from '../../change.js';
import { isRefusal, joined, type Patch, type Refusal } from '../patch.js';
import type { Workspace } from '../workspace.js';
import { addReadonly } from './add-readonly.js';
import { encapsulate } from './encapsulate.js';
import { replace } from './replace.js';
import { restrict } from './restrict.js';
import { returnCopy } from './return-copy.js';
import { typeReadOnly } from './type-read-only.js';
import type { Verb } from './verb.js';

const VERBS: { readonly [Do in Change['do']]: Verb<Extract<Change, { readonly do: Do }>> } = {
  'add-readonly': addReadonly,
  encapsulate,
  replace,
  restrict,
  'return-copy': returnCopy,
  'type-read-only': typeReadOnly,
};

/** All changes of a fix as one patch, or the first refusal. */
export function workOut(changes: readonly Change[], workspace: Workspace): Patch | Refusal {
  const patches: Patch[] = [];
  for (const change of changes) {
    const verb = VERBS[change.do] as Verb<Change>;
    const outcome = verb(change, workspace);
    if (isRefusal(outcome)) return outcome;
    patches.push(outcome);
  }
  return joined(patches);
}
