import type { tsTypes } from './compiler.js';
import type { Answer, OpenReceiver } from './facts.js';

export interface CheckerInput {
  readonly cwd: string;
  /** Absolute paths of the program. */
  readonly files: readonly string[];
  readonly tsconfigs: readonly string[];
}

/**
 * Lets the full checker answer, for these receivers and no others. Paths of questions and answers are relative to `cwd`.
 * Imported only for `--types full`: it loads ts-morph and checks the whole program.
 */
export async function askChecker({ cwd, files, tsconfigs }: CheckerInput, questions: readonly OpenReceiver[]): Promise<Answer[]> {
  const { Project, ts } = await import('ts-morph');
  const [tsConfigFilePath] = tsconfigs;
  const project = new Project({
    ...(tsConfigFilePath ? { tsConfigFilePath } : {}),
    skipAddingFilesFromTsConfig: true,
    compilerOptions: { noEmit: true, skipLibCheck: true, allowJs: false },
  });
  for (const file of files) project.addSourceFileAtPathIfExists(file);
  const program = project.getProgram().compilerObject;
  const checker = program.getTypeChecker();
  const prefix = cwd.endsWith('/') ? cwd : `${cwd}/`;
  const nodeAt = (source: tsTypes.SourceFile, start: number, end: number): tsTypes.Node | undefined => {
    let found: tsTypes.Node | undefined;
    const visit = (node: tsTypes.Node): void => {
      if (node.pos > start || node.end < end) return;
      if (node.getStart(source) === start && node.end === end) found = node;
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  };
  return questions.flatMap((question) => {
    const source = program.getSourceFile(`${prefix}${question.file}`);
    const node = source && nodeAt(source, question.start, question.end);
    if (!node) return [];
    const type = checker.getNonNullableType(checker.getTypeAtLocation(node));
    const symbol = type.aliasSymbol ?? type.getSymbol();
    const declaration = symbol?.declarations?.[0];
    const file = declaration?.getSourceFile().fileName;
    if (!symbol || !file?.startsWith(prefix) || file.includes('/node_modules/')) return [];
    return [{ ...question, declaredIn: file.slice(prefix.length), name: symbol.getName() }];
  });
}
