import type { ReferByIdentity } from '../../change.js';
import type { tsTypes } from '../../facts/compiler.js';
import { collectionUse } from '../identity/collections.js';
import { type Followed, type Following, follow, type Steps } from '../identity/following.js';
import { local, parameter } from '../identity/locals.js';
import { member } from '../identity/members.js';
import { refusalOf } from '../identity/obstacles.js';
import { overlooked } from '../identity/overlooked.js';
import { retype } from '../identity/retype.js';
import { source } from '../identity/sources.js';
import { type Target, targetOf } from '../identity/target.js';
import { use } from '../identity/uses.js';
import { type Patch, type Refusal, refuse } from '../patch.js';
import type { Workspace } from '../workspace.js';
import type { Verb } from './verb.js';

/** Tries each way to ask for the identity: the code may read another than the one that comes first. */
export const referByIdentity: Verb<ReferByIdentity> = (change, workspace) => {
  const name = workspace.nodeAt(change.at);
  if (!name) return refuse('no field stands there');
  let refusal: Refusal | undefined;
  for (const accessor of change.accessors) {
    const target = targetOf(change, accessor, workspace);
    const outcome = typeof target === 'string' ? refuse(target) : referred(name, target, workspace);
    if (!('refused' in outcome)) return outcome;
    refusal ??= outcome;
  }
  return refusal ?? refuse('nothing tells how it is asked for its identity');
};

const STEPS: Steps = { use, source, member, local, parameter, retype, collectionUse };

function referred(name: tsTypes.Node, target: Target, workspace: Workspace): Patch | Refusal {
  const followed: Followed = follow(target, workspace, STEPS, (following: Following) => {
    following.member(name);
    overlooked(name, following);
  });
  return followed.obstacles.length > 0 ? refusalOf(followed.obstacles, target, workspace) : followed.patch;
}
