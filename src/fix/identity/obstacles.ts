import type { tsTypes } from '../../facts/compiler.js';
import { listed } from '../../wording.js';
import { type Refusal, refuse } from '../patch.js';
import type { Workspace } from '../workspace.js';
import type { Target } from './target.js';

/** Why an object cannot give way to its identity at some place. */
export type Obstacle =
  /** Something else of it is asked for. */
  | { readonly what: 'read'; readonly name: string; readonly at: tsTypes.Node }
  /** It is handed on to code that may ask for anything. */
  | { readonly what: 'whole'; readonly at: tsTypes.Node }
  | { readonly what: 'other'; readonly why: string; readonly at: tsTypes.Node };

/** What the object is used for comes first: that is what the author has to decide about. */
export function refusalOf(obstacles: readonly Obstacle[], { name: target, accessor, forms }: Target, workspace: Workspace): Refusal {
  const place = (node: tsTypes.Node): string => {
    const source = node.getSourceFile();
    return `${workspace.relative(source.fileName)}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
  };
  const reads = new Map<string, Set<string>>();
  const wholes = new Set<string>();
  const others = new Map<string, Set<string>>();
  for (const each of obstacles) {
    if (each.what === 'read' && forms.includes(each.name)) others.set(each.name, (others.get(each.name) ?? new Set()).add(place(each.at)));
    else if (each.what === 'read') reads.set(each.name, (reads.get(each.name) ?? new Set()).add(place(each.at)));
    if (each.what === 'whole') wholes.add(place(each.at));
  }
  const first = obstacles.find((each) => each.what === 'other');
  const [form] = others;
  if (reads.size === 0 && wholes.size === 0 && !first && form)
    return refuse(`${target} is asked who it is in two ways, by ${accessor.name} and by ${form[0]} (${few([...form[1]])}): agree on one`);
  if (reads.size === 0 && wholes.size === 0)
    return refuse(first ? `${first.why} (${place(first.at)})` : `${target} cannot be asked for its identity`);
  const asked = [...reads].map(([name, places]) => `${name} (${few([...places])})`);
  const parts = [
    ...(reads.size > 0 ? [`is asked for ${listed(asked)}`] : []),
    ...(wholes.size > 0 ? [`is handed on as a whole (${few([...wholes])})`] : []),
  ];
  return refuse(
    `${target} ${parts.join(' and ')}: keep what is needed of it as a value object, load it by its identity there, or ask a read model`,
  );
}

function few(places: readonly string[]): string {
  return listed(places, { most: 3, shown: 2 });
}
