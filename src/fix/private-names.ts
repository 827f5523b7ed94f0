import { ts, type tsTypes } from '../facts/compiler.js';
import { hasModifier } from './members.js';
import type { Workspace } from './workspace.js';

/** What a public field is called once it is private: `_items`, or `#items` where the class, else its file, else the project writes such names. */
export function privateName(
  name: tsTypes.Identifier,
  owner: tsTypes.ClassLikeDeclaration,
  isParameterProperty: boolean,
  workspace: Workspace,
): string {
  if (isParameterProperty) return `_${name.text}`;
  const styled = styleOf([owner]) ?? styleOf(classesIn(owner.getSourceFile())) ?? styleOfProject(workspace);
  return `${styled}${name.text}`;
}

type Style = '#' | '_';

function styleOf(classes: readonly tsTypes.ClassLikeDeclaration[]): Style | undefined {
  const members = classes.flatMap((each) => [...each.members]);
  const hard = members.filter((each) => each.name && ts.isPrivateIdentifier(each.name)).length;
  const soft = members.filter((each) => hasModifier(each, ts.SyntaxKind.PrivateKeyword)).length;
  const inConstructors = members
    .filter(ts.isConstructorDeclaration)
    .flatMap(({ parameters }) => parameters.filter((each) => hasModifier(each, ts.SyntaxKind.PrivateKeyword))).length;
  if (hard + soft + inConstructors === 0) return undefined;
  return hard > soft ? '#' : '_';
}

function classesIn(source: tsTypes.SourceFile): tsTypes.ClassLikeDeclaration[] {
  const found: tsTypes.ClassLikeDeclaration[] = [];
  const visit = (node: tsTypes.Node): void => {
    if (ts.isClassLike(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function styleOfProject({ compilations, isOwn }: Workspace): Style {
  const texts = compilations.flatMap(({ program }) =>
    program()
      .getSourceFiles()
      .filter(({ fileName }) => isOwn(fileName))
      .map(({ text }) => text),
  );
  const count = (pattern: RegExp): number => texts.reduce((sum, text) => sum + (text.match(pattern)?.length ?? 0), 0);
  return count(/^\s*(?:(?:static|readonly)\s+)*#[\w$]+\s*[:=!?;(]/gm) > count(/\bprivate\s+(?:readonly\s+)?[\w$]+\s*[:=!?;]/g) ? '#' : '_';
}
