import { moduleContents } from './extract-module.js';
import { NONE } from './extract-source.js';
import { suppressionsIn } from './extract-suppressions.js';
import type { FileFacts } from './facts.js';
import { lineStarts } from './lines.js';
import { ts, type tsTypes } from './parser.js';

const { ScriptKind, ScriptTarget, createSourceFile, flattenDiagnosticMessageText } = ts;

const ERROR_LIMIT = 5;

/** The facts of one file. Throws on no input: what cannot be parsed is an error among the facts. */
export function extractFacts(file: string, text: string): FileFacts {
  try {
    return factsOf(file, text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return tooDeep(file, text);
  }
}

function factsOf(file: string, text: string): FileFacts {
  const sourceFile = createSourceFile(file, text, ScriptTarget.Latest, false, scriptKind(file));
  return {
    file,
    lines: lineStarts(text),
    declarationFile: sourceFile.isDeclarationFile,
    errors: syntaxErrors(sourceFile),
    ...moduleContents({ text, sourceFile, spine: [], depth: 0 }),
    suppressions: suppressionsIn(text, sourceFile),
  };
}

function tooDeep(file: string, text: string): FileFacts {
  return {
    file,
    lines: lineStarts(text),
    declarationFile: /\.d\.(?:[^./]+\.)?[cm]?ts$/.test(file),
    errors: [{ message: 'nested too deeply', at: 0 }],
    imports: NONE,
    exports: NONE,
    declarations: NONE,
    statements: NONE,
    ambientModules: NONE,
    suppressions: NONE,
  };
}

function scriptKind(file: string): tsTypes.ScriptKind {
  if (file.endsWith('.tsx')) return ScriptKind.TSX;
  if (file.endsWith('.jsx')) return ScriptKind.JSX;
  return /\.[cm]?js$/.test(file) ? ScriptKind.JS : ScriptKind.TS;
}

function syntaxErrors(sourceFile: tsTypes.SourceFile): FileFacts['errors'] {
  const { parseDiagnostics } = sourceFile as unknown as { readonly parseDiagnostics: readonly tsTypes.DiagnosticWithLocation[] };
  return parseDiagnostics.slice(0, ERROR_LIMIT).map(({ messageText, start }) => ({
    message: flattenDiagnosticMessageText(messageText, '\n'),
    at: start,
  }));
}
