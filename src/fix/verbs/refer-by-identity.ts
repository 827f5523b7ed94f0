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
import { type Refusal, refuse } from '../patch.js';
import type { Workspace } from '../workspace.js';
import type { Verb } from './verb.js';

/** Tries each way to ask for the identity: the code may read another than the one that comes first. */
export const referByIdentity: Verb<ReferByIdentity> = (change, workspace) => {
  const name = workspace.nodeAt(change.at);
  if (!name) return refuse('no field stands there');
  const refusals: { readonly refusal: Refusal; readonly otherForms: number }[] = [];
  for (const accessor of change.accessors) {
    const target = targetOf(change, accessor, workspace);
    if (typeof target === 'string') {
      refusals.push({ refusal: refuse(target), otherForms: Number.POSITIVE_INFINITY });
      continue;
    }
    const { obstacles, patch } = referred(name, target, workspace);
    if (obstacles.length === 0) return patch;
    const otherForms = obstacles.filter((each) => each.what === 'read' && target.forms.includes(each.name)).length;
    refusals.push({ refusal: refusalOf(obstacles, target, workspace), otherForms });
  }
  // Told is what stands in the way of the one that the code reads.
  const [nearest] = refusals.toSorted((a, b) => a.otherForms - b.otherForms);
  return nearest?.refusal ?? refuse('nothing tells how it is asked for its identity');
};

const STEPS: Steps = { use, source, member, local, parameter, retype, collectionUse };

function referred(name: tsTypes.Node, target: Target, workspace: Workspace): Followed {
  return follow(target, workspace, STEPS, (following: Following) => {
    following.member(name);
    overlooked(name, following);
  });
}
