import { ts } from '../src/facts/compiler.js';

/** The text without the declarations of a name. */
export function withoutDeclaration(file: string, text: string, name: string): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return source.statements
    .filter(
      (each) =>
        (ts.isClassDeclaration(each) || ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each)) && each.name?.text === name,
    )
    .reduceRight((done, { pos, end }) => done.slice(0, pos) + done.slice(end), text);
}
