import type { Change } from '../../change.js';
import { isRefusal, joined, type Patch, type Refusal } from '../patch.js';
import type { Workspace } from '../workspace.js';
import { addReadonly } from './add-readonly.js';
import { compareIdentity } from './compare-identity.js';
import { compareWithEquals } from './compare-with-equals.js';
import { encapsulate } from './encapsulate.js';
import { loadEagerly } from './load-eagerly.js';
import { referByIdentity } from './refer-by-identity.js';
import { removeUnused } from './remove-unused.js';
import { replace } from './replace.js';
import { restrict } from './restrict.js';
import { returnCopy } from './return-copy.js';
import { returnNew } from './return-new.js';
import { splitHandler } from './split-handler.js';
import { typeReadOnly } from './type-read-only.js';
import type { Verb } from './verb.js';

const VERBS: { readonly [Do in Change['do']]: Verb<Extract<Change, { readonly do: Do }>> } = {
  'add-readonly': addReadonly,
  'compare-identity': compareIdentity,
  'compare-with-equals': compareWithEquals,
  'load-eagerly': loadEagerly,
  'refer-by-identity': referByIdentity,
  'remove-unused': removeUnused,
  'return-copy': returnCopy,
  'return-new': returnNew,
  'type-read-only': typeReadOnly,
  encapsulate,
  replace,
  'split-handler': splitHandler,
  restrict,
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
