import type { LoadEagerly } from '../../change.js';
import { ts, type tsTypes } from '../../facts/compiler.js';
import { references, withoutLoading } from '../loaded-on-demand.js';
import { isRefusal, type Refusal, refuse, type TextEdit } from '../patch.js';
import { promises, withoutAwait } from '../promises.js';
import { builtQueryWithout, madeEager } from '../relation-options.js';
import { isWrapped, outermost, unwrapped } from '../unwrapping.js';
import type { Workspace } from '../workspace.js';
import type { Verb } from './verb.js';

export const loadEagerly: Verb<LoadEagerly> = ({ at, mapping }, workspace) => {
  const name = workspace.nodeAt(at);
  const field = name?.parent;
  const place = workspace.nodeAt(mapping);
  if (!name || !place || !field || !(ts.isPropertyDeclaration(field) || ts.isParameter(field))) return refuse('no mapped field stands there');
  const left = builtQueryWithout(field, workspace);
  if (left) return left;
  const type = workspace.checker(field.getSourceFile().fileName).getTypeAtLocation(field);
  const wrapper = [promises(workspace), references(workspace)].find((each) => isWrapped(type, each));
  const isReference = wrapper?.wrapsReturned === false;
  const eager = madeEager(place, isReference ? ['lazy', 'ref', 'wrappedReference'] : ['lazy'], workspace);
  if (isRefusal(eager)) return eager;
  const uses = wrapper ? unwrapped(name, wrapper, workspace) : withoutWaiting(name, workspace);
  if (isRefusal(uses)) return uses;
  return { edits: [...eager, ...uses] };
};

/** Typed as what it holds all along: nothing to take off but what waits for it. */
function withoutWaiting(name: tsTypes.Node, workspace: Workspace): readonly TextEdit[] | Refusal {
  const waits = workspace.references(name).flatMap((reference) => {
    const access = ts.isPropertyAccessExpression(reference.parent) && reference.parent.name === reference ? reference.parent : undefined;
    const around = access && outermost(access).parent;
    return around && ts.isAwaitExpression(around) ? withoutAwait(around) : [];
  });
  const loads = withoutLoading(name, workspace);
  return isRefusal(loads) ? loads : [...waits, ...loads];
}
