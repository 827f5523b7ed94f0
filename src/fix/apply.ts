import { ts, type tsTypes } from '../facts/compiler.js';
import { withImports } from './imports.js';
import { edited, type Patch } from './patch.js';
import type { Workspace } from './workspace.js';

/** The texts that all these patches together make, the workspace left as it is. Offsets are those of the workspace's texts. */
export function applied(patches: readonly Patch[], base: Base): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { created } of patches) for (const [file, text] of created ?? []) texts.set(file, text);
  const made = new Set(texts.keys());
  const edits = patches.flatMap((p) => p.edits);
  const needs = patches.flatMap((p) => p.imports ?? []);
  for (const file of new Set([...edits.map((e) => e.file), ...needs.map((n) => n.file)])) {
    const before = texts.get(file) ?? base.textOf(file) ?? '';
    const after = edited(
      before,
      edits.filter((e) => e.file === file),
    );
    const own = needs.filter((n) => n.file === file);
    texts.set(file, withImports(after, own, { file, before, isMade: (each) => made.has(each), ...base.imports(file) }));
  }
  return texts;
}

/** What patches are applied to: the texts and exports as they were before the round. */
export interface Base {
  readonly textOf: (file: string) => string | undefined;
  readonly imports: (file: string) => {
    readonly resolve: (fromFile: string, specifier: string) => string | undefined;
    readonly exports: (moduleFile: string, name: string, declaredIn: string) => boolean;
    readonly strictTypes: boolean;
  };
}

/** The workspace as it is now, to go by while the judge tries other texts in it. */
export function baseOf(workspace: Workspace): Base {
  const texts = new Map<string, string | undefined>();
  return {
    textOf: (file) => {
      if (!texts.has(file)) texts.set(file, workspace.textOf(file));
      return texts.get(file);
    },
    imports: (file) => ({
      resolve: workspace.resolve,
      exports: (moduleFile, name, declaredIn) => exportsFrom(workspace, moduleFile, name) === declaredIn,
      strictTypes: wantsTypesImportedAsTypes(workspace.optionsOf(file)),
    }),
  };
}

function wantsTypesImportedAsTypes({ verbatimModuleSyntax, isolatedModules, emitDecoratorMetadata }: tsTypes.CompilerOptions): boolean {
  return verbatimModuleSyntax === true || (isolatedModules === true && emitDecoratorMetadata === true);
}

function exportsFrom(workspace: Workspace, moduleFile: string, name: string): string | undefined {
  const source = workspace.sourceFile(moduleFile);
  const checker = workspace.checker(moduleFile);
  const module = source && checker.getSymbolAtLocation(source);
  const exported = module && checker.getExportsOfModule(module).find((symbol) => symbol.name === name);
  if (!exported) return undefined;
  const target = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  return target.declarations?.[0]?.getSourceFile().fileName;
}
