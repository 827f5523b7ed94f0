import type { Restrict } from '../../change.js';
import { ts } from '../../facts/compiler.js';
import { memberOf, visibility } from '../members.js';
import { refuse } from '../patch.js';
import type { Verb } from './verb.js';

export const restrict: Verb<Restrict> = ({ at, to }, workspace) => {
  const name = workspace.nodeAt(at);
  const member = memberOf(name);
  if (!name || !member || ts.isPropertySignature(member) || ts.isMethodSignature(member))
    return refuse('no member of a class stands there');
  return { edits: visibility(member, name, to) };
};
