import type { Change } from '../../change.js';
import { isRefusal, joined, type Patch, type Refusal } from '../patch.js';
import type { Workspace } from '../workspace.js';
import { addReadonly } from './add-readonly.js';
import { referByIdentity } from './refer-by-identity.js';
import { replace } from './replace.js';
import type { Verb } from './verb.js';

const VERBS: { readonly [Do in Change['do']]: Verb<Extract<Change, { readonly do: Do }>> } = {
  'add-readonly': addReadonly,
  'refer-by-identity': referByIdentity,
  replace,
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
