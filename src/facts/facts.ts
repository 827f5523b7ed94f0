/**
 * What one source file says, as plain serialisable data: declarations, types as written, and bodies as a small
 * expression tree. Nothing here depends on another file, so facts can be cached by content and made in parallel.
 * Short keys: a body has many nodes, and facts go through a cache.
 */

/** UTF-16 offset into the file; `FileFacts.lines` turns it into line and column. */
export type Offset = number;
/** Start and end offset, end exclusive. */
export type Range = readonly [start: Offset, end: Offset];

export interface FileFacts {
  /** Posix path relative to the working directory. */
  readonly file: string;
  /** Offset at which each line starts. */
  readonly lines: readonly Offset[];
  /** True for `.d.ts` and its kin. */
  readonly declarationFile: boolean;
  readonly errors: readonly SyntaxError[];
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
  /** Top-level declarations; those in a namespace lie in its `body`. */
  readonly declarations: readonly Declaration[];
  /** Top-level statements that run: calls, assignments. Declarations are not repeated here. */
  readonly statements: readonly Statement[];
  /** Module specifiers of ambient `declare module 'x' {}` blocks: the library's declarations, not the project's. */
  readonly ambientModules: readonly string[];
  /** Comments that speak to the linter, in the order of the text. */
  readonly suppressions: readonly SuppressionComment[];
}

/** `// aggro-disable-next-line rule -- reason` and its kin. */
export interface SuppressionComment {
  /** `unknown` starts like a directive and is none: `aggro-disable-nextline`. */
  readonly kind: 'disable-next-line' | 'disable-line' | 'disable' | 'disable-file' | 'enable' | 'ignore' | 'unknown';
  /** As written: `aggro-disable-line`, `@aggroIgnore`. */
  readonly directive: string;
  /** One for each rule that is named; a single one without a rule, where none is, stands for all rules. */
  readonly scopes: readonly SuppressionScope[];
  /** Empty where none is given. */
  readonly reason: string;
  /** The directive. */
  readonly at: Range;
  /** From the first name of a rule to the last. */
  readonly names?: Range;
  /** What to delete so that the comment is gone: with its lines where nothing else stands on them, and with the `enable` that it alone needs. */
  readonly removal: readonly Range[];
}

export interface SuppressionScope {
  readonly rule?: string;
  /** The name of the rule, or the directive. */
  readonly at: Range;
  /** Absent where it is idle: no code follows, no declaration belongs to it, nothing is there to enable. */
  readonly covers?: Range;
}

export interface SyntaxError {
  readonly message: string;
  readonly at: Offset;
}

export interface Import {
  /** The local name. */
  readonly local: string;
  readonly from: string;
  /** Exported name; `default`; `*` for a namespace; `=` for `import x = require()`. Side-effect imports have local ''. */
  readonly name: string;
  readonly typeOnly: boolean;
  readonly at: Range;
}

export type Export =
  /** `export { local as name }`, `export default local`, `export const name`, `export = local` (name `=`). */
  | { readonly kind: 'local'; readonly name: string; readonly local: string }
  /** `export { imported as name } from 'from'`; `export * as name from` has imported `*`. */
  | { readonly kind: 'from'; readonly name: string; readonly imported: string; readonly from: string }
  /** `export * from 'from'`. */
  | { readonly kind: 'star'; readonly from: string };

export type Declaration =
  | ClassDeclaration
  | InterfaceDeclaration
  | AliasDeclaration
  | EnumDeclaration
  | FunctionDeclaration
  | VariableDeclaration
  | NamespaceDeclaration;

interface DeclarationBase {
  /** `default` for an anonymous default export. */
  readonly name: string;
  /** The name; for an anonymous declaration its first keyword. */
  readonly at: Range;
  /** The whole declaration. */
  readonly span: Range;
  readonly exported: boolean;
  readonly ambient: boolean;
  readonly tags: readonly Tag[];
}

/** A JSDoc block tag, `@aggregateRoot Order`. */
export interface Tag {
  readonly name: string;
  readonly text: string;
  readonly at: Range;
}

export interface ClassDeclaration extends DeclarationBase {
  readonly kind: 'class';
  readonly abstract: boolean;
  readonly typeParameters: readonly TypeParameter[];
  /** `extends` is an expression: `Base`, `lib.Base`, `Mixin(Base)`, `AggregateRoot<Props>`. */
  readonly extends?: Heritage;
  readonly implements: readonly TypeReference[];
  readonly decorators: readonly Decorator[];
  readonly members: readonly ClassMember[];
}

export interface Heritage {
  readonly expression: Expression;
  readonly args: readonly TypeNode[];
  readonly at: Range;
}

export interface InterfaceDeclaration extends DeclarationBase {
  readonly kind: 'interface';
  readonly typeParameters: readonly TypeParameter[];
  readonly extends: readonly TypeReference[];
  readonly members: readonly TypeMember[];
}

export interface AliasDeclaration extends DeclarationBase {
  readonly kind: 'alias';
  readonly typeParameters: readonly TypeParameter[];
  readonly type: TypeNode;
}

export interface EnumDeclaration extends DeclarationBase {
  readonly kind: 'enum';
  readonly members: readonly { readonly name: string; readonly value?: string | number; readonly at: Range }[];
}

export interface FunctionDeclaration extends DeclarationBase {
  readonly kind: 'function';
  readonly fn: FunctionFacts;
}

/** One declared name of a `const`/`let`/`var`; a destructuring declaration has `pattern` and lists one per name. */
export interface VariableDeclaration extends DeclarationBase {
  readonly kind: 'variable';
  readonly constant: boolean;
  readonly type?: TypeNode;
  readonly init?: Expression;
  readonly pattern?: Pattern;
}

export interface NamespaceDeclaration extends DeclarationBase {
  readonly kind: 'namespace';
  readonly body: readonly Declaration[];
  readonly statements: readonly Statement[];
}

export interface TypeParameter {
  readonly name: string;
  readonly constraint?: TypeNode;
  readonly default?: TypeNode;
}

export interface Decorator {
  /** `Entity`, `orm.Entity`. */
  readonly name: string;
  /** Undefined when it is not called: `@Injectable` against `@Injectable()`. */
  readonly args?: readonly Expression[];
  readonly typeArgs: readonly TypeNode[];
  readonly at: Range;
}

export type Visibility = 'public' | 'protected' | 'private';

interface MemberBase {
  /** `[Symbol.iterator]` and other computed names keep their text; a string-literal name loses its quotes. */
  readonly name: string;
  /** The name. */
  readonly at: Range;
  readonly span: Range;
  /** `#name` counts as private. */
  readonly visibility: Visibility;
  readonly static: boolean;
  readonly abstract: boolean;
  readonly computed: boolean;
  readonly decorators: readonly Decorator[];
  readonly tags: readonly Tag[];
}

export type ClassMember = PropertyMember | MethodMember | AccessorMember | ConstructorMember | IndexMember | StaticBlock;

export interface PropertyMember extends MemberBase {
  readonly kind: 'property';
  readonly readonly: boolean;
  readonly optional: boolean;
  readonly declare: boolean;
  readonly type?: TypeNode;
  readonly init?: Expression;
}

export interface MethodMember extends MemberBase {
  readonly kind: 'method';
  readonly optional: boolean;
  /** The signatures that callers see, where there are several: without the implementation. */
  readonly overloads: readonly FunctionFacts[];
  /** The implementation, or the first signature. */
  readonly fn: FunctionFacts;
}

export interface AccessorMember extends MemberBase {
  readonly kind: 'get' | 'set';
  readonly fn: FunctionFacts;
}

export interface ConstructorMember extends MemberBase {
  readonly kind: 'constructor';
  readonly overloads: readonly FunctionFacts[];
  readonly fn: FunctionFacts;
}

export interface IndexMember extends MemberBase {
  readonly kind: 'index';
  readonly key: TypeNode;
  readonly type: TypeNode;
}

export interface StaticBlock extends MemberBase {
  readonly kind: 'static-block';
  readonly body: readonly Statement[];
}

export interface FunctionFacts {
  readonly typeParameters: readonly TypeParameter[];
  readonly parameters: readonly Parameter[];
  readonly returns?: TypeNode;
  /** Set for `x is T` and `asserts x is T` return types; `this` counts as a parameter name. */
  readonly predicate?: { readonly parameter: string; readonly asserts: boolean; readonly type?: TypeNode };
  readonly async: boolean;
  readonly generator: boolean;
  readonly arrow: boolean;
  /** Undefined for a signature. An arrow with an expression body has one `return`. */
  readonly body?: readonly Statement[];
  readonly at: Range;
  /** Its own name, for a named function expression. */
  readonly name?: string;
}

export interface Parameter {
  readonly pattern: Pattern;
  readonly type?: TypeNode;
  readonly optional: boolean;
  readonly rest: boolean;
  readonly init?: Expression;
  /** Present when it is a parameter property of a constructor. */
  readonly property?: { readonly visibility: Visibility; readonly readonly: boolean };
  readonly decorators: readonly Decorator[];
  readonly at: Range;
}

// ── types as written ──────────────────────────────────────────────────────────────────────────────────────────────

export type TypeNode =
  | TypeReference
  /** `string number boolean bigint symbol any unknown never void null undefined object this` */
  | { readonly t: 'keyword'; readonly name: string }
  | { readonly t: 'literal'; readonly value: string | number | boolean }
  | { readonly t: 'array'; readonly of: TypeNode }
  | { readonly t: 'tuple'; readonly of: readonly TypeNode[] }
  | { readonly t: 'union' | 'intersection'; readonly of: readonly TypeNode[] }
  | { readonly t: 'object'; readonly members: readonly TypeMember[]; readonly at: Range }
  /** Function and constructor types. */
  | { readonly t: 'function'; readonly fn: FunctionFacts; readonly constructs: boolean }
  /** `readonly T[]`. */
  | { readonly t: 'readonly'; readonly of: TypeNode }
  | { readonly t: 'keyof'; readonly of: TypeNode }
  /** `T[K]`. */
  | { readonly t: 'indexed'; readonly of: TypeNode; readonly by: TypeNode }
  /** `typeof a.b`. */
  | { readonly t: 'typeof'; readonly name: string; readonly at: Range }
  | {
      readonly t: 'mapped';
      readonly parameter: string;
      readonly over: TypeNode;
      readonly as?: TypeNode;
      readonly to?: TypeNode;
      readonly readonly: boolean;
      readonly at: Range;
    }
  | { readonly t: 'conditional'; readonly check: TypeNode; readonly extends: TypeNode; readonly yes: TypeNode; readonly no: TypeNode }
  | { readonly t: 'infer'; readonly name: string }
  /** `import('x').Y<Z>`. */
  | { readonly t: 'import'; readonly from: string; readonly name: string; readonly args: readonly TypeNode[]; readonly at: Range }
  /** Template literal types and whatever else holds no blocks. */
  | { readonly t: 'other' };

export interface TypeReference {
  readonly t: 'ref';
  /** Dotted: `Domain.Aggregate`. */
  readonly name: string;
  readonly args: readonly TypeNode[];
  readonly at: Range;
}

/** Members of interfaces and object types. Call and construct signatures have the names `()` and `new`. */
export type TypeMember =
  | {
      readonly kind: 'property';
      readonly name: string;
      readonly at: Range;
      readonly computed: boolean;
      readonly optional: boolean;
      readonly readonly: boolean;
      readonly type?: TypeNode;
      readonly tags: readonly Tag[];
    }
  /** One entry a signature: overloads repeat the name. */
  | {
      readonly kind: 'method';
      readonly name: string;
      readonly at: Range;
      readonly computed: boolean;
      readonly optional: boolean;
      readonly fn: FunctionFacts;
    }
  | { readonly kind: 'get' | 'set'; readonly name: string; readonly at: Range; readonly computed: boolean; readonly fn: FunctionFacts }
  | {
      readonly kind: 'index';
      readonly name: string;
      readonly at: Range;
      readonly computed: boolean;
      readonly key: TypeNode;
      readonly type: TypeNode;
      readonly readonly: boolean;
    };

// ── bodies ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Binding patterns. */
export type Pattern =
  | { readonly p: 'name'; readonly name: string; readonly at: Range }
  | {
      readonly p: 'object';
      readonly entries: readonly { readonly key: string; readonly value: Pattern; readonly init?: Expression }[];
      readonly rest?: Pattern;
    }
  /** A hole is undefined; `rest` binds the remaining elements. */
  | {
      readonly p: 'array';
      readonly elements: readonly ({ readonly value: Pattern; readonly init?: Expression } | undefined)[];
      readonly rest?: Pattern;
    };

/** `at` is the range of the whole expression unless said otherwise. Parentheses, `!`, `satisfies` and `as const` are dropped (`as const` as said below). */
export type Expression =
  | { readonly e: 'name'; readonly name: string; readonly at: Range }
  | { readonly e: 'this'; readonly at: Range }
  | { readonly e: 'super'; readonly at: Range }
  /** `o.name`, `o?.name`, `o['name']`, `o.#name` (the name keeps its `#`); `nameAt` is the name. */
  | {
      readonly e: 'member';
      readonly of: Expression;
      readonly name: string;
      readonly nameAt: Range;
      readonly at: Range;
      readonly optional?: true;
    }
  /** `o[i]`, where `i` is no string literal. */
  | { readonly e: 'index'; readonly of: Expression; readonly by: Expression; readonly at: Range }
  | {
      readonly e: 'call';
      readonly callee: Expression;
      readonly args: readonly Expression[];
      readonly typeArgs?: readonly TypeNode[];
      readonly at: Range;
      readonly optional?: true;
    }
  | {
      readonly e: 'new';
      readonly callee: Expression;
      readonly args: readonly Expression[];
      readonly typeArgs?: readonly TypeNode[];
      readonly at: Range;
    }
  | { readonly e: 'await'; readonly of: Expression; readonly at: Range }
  | { readonly e: 'yield'; readonly of?: Expression; readonly at: Range }
  | { readonly e: 'function'; readonly fn: FunctionFacts; readonly at: Range }
  | { readonly e: 'class'; readonly declaration: ClassDeclaration; readonly at: Range }
  | { readonly e: 'object'; readonly entries: readonly ObjectEntry[]; readonly at: Range }
  /** Holes are undefined. */
  | { readonly e: 'array'; readonly elements: readonly (Expression | undefined)[]; readonly at: Range }
  | { readonly e: 'spread'; readonly of: Expression; readonly at: Range }
  /** Any binary operator that does not assign: `+ && || ?? === in instanceof ,` … */
  | { readonly e: 'binary'; readonly op: string; readonly left: Expression; readonly right: Expression; readonly at: Range }
  /** `= += ??=` …; destructuring assignment keeps its target as an object or array expression. */
  | { readonly e: 'assign'; readonly op: string; readonly target: Expression; readonly value: Expression; readonly at: Range }
  /** `! - + ~ typeof void delete`. */
  | { readonly e: 'unary'; readonly op: string; readonly of: Expression; readonly at: Range }
  /** `++` and `--`, either side. */
  | { readonly e: 'update'; readonly op: string; readonly of: Expression; readonly at: Range }
  | { readonly e: 'conditional'; readonly test: Expression; readonly yes: Expression; readonly no: Expression; readonly at: Range }
  /** Strings over 200 characters are cut, SQL that writes or locks over 4000; a RegExp and a bigint have value undefined. */
  | { readonly e: 'literal'; readonly value: string | number | boolean | null | undefined; readonly at: Range; readonly regex?: true }
  /** `text` with a `?` for each hole, where it is SQL that writes or locks; else `head`, what stands before the first hole. */
  | {
      readonly e: 'template';
      readonly parts: readonly Expression[];
      readonly at: Range;
      readonly tag?: Expression;
      readonly text?: string;
      readonly head?: string;
    }
  /** `x as T` and `<T>x`; `x as const` is `{ e: 'as', of, type: ref const }`. */
  | { readonly e: 'as'; readonly of: Expression; readonly type: TypeNode; readonly at: Range }
  /** JSX and whatever else has no role here, with the expressions inside it. */
  | { readonly e: 'other'; readonly parts: readonly Expression[]; readonly at: Range };

export type ObjectEntry =
  | { readonly o: 'property'; readonly name: string; readonly nameAt: Range; readonly value: Expression; readonly shorthand?: true }
  | { readonly o: 'computed'; readonly key: Expression; readonly value: Expression }
  | { readonly o: 'spread'; readonly of: Expression }
  | { readonly o: 'method' | 'get' | 'set'; readonly name: string; readonly nameAt: Range; readonly fn: FunctionFacts };

export type Statement =
  | { readonly s: 'expression'; readonly of: Expression }
  | { readonly s: 'variables'; readonly constant: boolean; readonly declarations: readonly LocalVariable[] }
  | {
      readonly s: 'if';
      readonly test: Expression;
      readonly yes: readonly Statement[];
      readonly no?: readonly Statement[];
      readonly at: Range;
    }
  | { readonly s: 'return'; readonly of?: Expression; readonly at: Range }
  | { readonly s: 'throw'; readonly of: Expression; readonly at: Range }
  /** `for (;;)`, `while`, `do`. */
  | {
      readonly s: 'loop';
      readonly init?: Statement;
      readonly test?: Expression;
      readonly update?: Expression;
      readonly body: readonly Statement[];
      readonly atLeastOnce?: true;
      readonly at: Range;
    }
  /** `for … of` and `for … in`; the variable is a pattern (declared) or an expression (assigned). */
  | {
      readonly s: 'each';
      readonly over: 'of' | 'in';
      readonly await?: true;
      readonly pattern?: Pattern;
      readonly target?: Expression;
      readonly of: Expression;
      readonly body: readonly Statement[];
      readonly at: Range;
    }
  | {
      readonly s: 'try';
      readonly body: readonly Statement[];
      readonly parameter?: Pattern;
      readonly catch?: readonly Statement[];
      readonly finally?: readonly Statement[];
      readonly at: Range;
    }
  | {
      readonly s: 'switch';
      readonly of: Expression;
      readonly cases: readonly { readonly test?: Expression; readonly body: readonly Statement[] }[];
      readonly at: Range;
    }
  | { readonly s: 'block'; readonly body: readonly Statement[] }
  | {
      readonly s: 'declaration';
      readonly of: ClassDeclaration | FunctionDeclaration | InterfaceDeclaration | AliasDeclaration | EnumDeclaration;
    }
  | { readonly s: 'break' | 'continue'; readonly label?: string };

export interface LocalVariable {
  readonly pattern: Pattern;
  readonly type?: TypeNode;
  readonly init?: Expression;
  readonly at: Range;
}

// ── what linking may ask the type checker ─────────────────────────────────────────────────────────────────────────

/** An expression whose type linking left open, by its offsets. */
export interface OpenReceiver {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** The declaration that the type checker names for it. */
export interface Answer extends OpenReceiver {
  readonly declaredIn: string;
  readonly name: string;
}

// ── what a Prisma schema says ─────────────────────────────────────────────────────────────────────────────────────

export interface PrismaSchema {
  /** Posix path relative to the working directory. */
  readonly file: string;
  readonly lines: readonly Offset[];
  readonly models: readonly PrismaModel[];
}

export interface PrismaModel {
  readonly name: string;
  /** `@@map`. */
  readonly table?: string;
  /** `@@schema`. */
  readonly schema?: string;
  /** The name. */
  readonly at: Range;
  readonly fields: readonly PrismaField[];
}

export interface PrismaField {
  readonly name: string;
  /** `@map`. */
  readonly column?: string;
  /** `String`, `OrderItem`. */
  readonly type: string;
  readonly list: boolean;
  /** `@id`, or named by `@@id`. */
  readonly key: boolean;
  /** `@updatedAt`. */
  readonly touched: boolean;
  /** `onDelete: Cascade`. */
  readonly cascades: boolean;
  /** The name. */
  readonly at: Range;
}
