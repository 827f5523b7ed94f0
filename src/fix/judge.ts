import { ts, type tsTypes } from '../facts/compiler.js';
import { reachedFrom } from './import-graph.js';
import type { Workspace } from './workspace.js';

/** An error that was not there before. */
export interface Complaint {
  /** Absolute path. */
  readonly file: string;
  readonly line: number;
  /** As the compiler says it: `TS2540: Cannot assign to 'id' …`. */
  readonly text: string;
  /** The line of code, for telling which fix is to blame. */
  readonly code: string;
}

/** Lets the compiler judge changed texts, file by file that can be affected, against the texts that were there when it was called. */
export interface Judge {
  /** Writes the texts into the workspace and says what no longer compiles. Texts left out are as they were. */
  readonly complaints: (texts: ReadonlyMap<string, string>) => readonly Complaint[];
  /** How many files were checked so far: counted work. */
  readonly checked: () => number;
}

export function createJudge(workspace: Workspace): Judge {
  const base = workspace.compilations.map((each) => each.program());
  const missing = new Set(workspace.compilations.flatMap((each) => each.unresolved()));
  const baseErrors = new Map<string, ReadonlyMap<string, number>>();
  const original = new Map<string, string | undefined>();
  let current = new Map<string, string>();
  let found = new Map<string, readonly Complaint[]>();
  let checked = 0;

  /** Asked only for files with errors after a change: in the good case nothing is checked twice. */
  function errorsBefore(file: string): ReadonlyMap<string, number> {
    const known = baseErrors.get(file);
    if (known) return known;
    const counts = new Map<string, number>();
    for (const program of base) {
      const source = program.getSourceFile(file);
      if (!source) continue;
      checked++;
      for (const error of errorsOf(program, source)) counts.set(error.text, (counts.get(error.text) ?? 0) + 1);
    }
    baseErrors.set(file, counts);
    return counts;
  }

  /** What is not installed is not found from a new file either. */
  function isMissingBefore(text: string): boolean {
    const module = /^TS2307: Cannot find module '([^']+)'/.exec(text)?.[1];
    return module !== undefined && missing.has(module);
  }

  function judged(file: string): readonly Complaint[] {
    const errors: Complaint[] = [];
    for (const { program } of workspace.compilations) {
      const now = program();
      const source = now.getSourceFile(file);
      if (!source) continue;
      checked++;
      errors.push(...errorsOf(now, source));
    }
    if (errors.length === 0) return [];
    const before = new Map(errorsBefore(file));
    return errors.filter(({ text }) => {
      if (isMissingBefore(text)) return false;
      const left = before.get(text) ?? 0;
      before.set(text, left - 1);
      return left <= 0;
    });
  }

  return {
    complaints: (texts) => {
      const changed = [...new Set([...texts.keys(), ...current.keys()])].filter((file) => texts.get(file) !== current.get(file));
      for (const file of changed) if (!original.has(file)) original.set(file, workspace.textOf(file));
      const affectedBefore = affectedBy(changed, workspace);
      workspace.write(new Map(changed.map((file) => [file, texts.get(file) ?? original.get(file)])));
      for (const each of workspace.compilations) each.program();
      const affected = new Set([...affectedBefore, ...affectedBy(changed, workspace)]);
      current = new Map(texts);
      found = new Map(found);
      for (const file of affected) found.set(file, judged(file));
      return [...found.values()].flat();
    },
    checked: () => checked,
  };
}

/** What imports the files at any remove; everything where one of them is no module, since all see what it declares. */
function affectedBy(files: readonly string[], workspace: Workspace): ReadonlySet<string> {
  const isGlobal = (file: string): boolean => {
    const source = workspace.sourceFile(file);
    return source !== undefined && !ts.isExternalModule(source);
  };
  if (!files.some(isGlobal)) return reachedFrom(files, workspace.importersOf);
  const all = workspace.compilations.flatMap(({ program }) => program().getSourceFiles());
  return new Set(all.map(({ fileName }) => fileName).filter(workspace.isOwn));
}

function errorsOf(program: tsTypes.Program, source: tsTypes.SourceFile): Complaint[] {
  const options = program.getCompilerOptions();
  const found = [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
    ...(options.declaration ? program.getDeclarationDiagnostics(source) : []),
  ];
  return found
    .filter(({ category }) => category === ts.DiagnosticCategory.Error)
    .map(({ start = 0, code, messageText }) => {
      const { line } = source.getLineAndCharacterOfPosition(start);
      const lines = source.getLineStarts();
      return {
        file: source.fileName,
        line: line + 1,
        text: `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ').replaceAll(/\s+/g, ' ')}`,
        code: source.text.slice(lines[line] ?? 0, lines[line + 1] ?? source.end).trim(),
      };
    });
}
