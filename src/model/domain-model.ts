/**
 * The vocabulary: what aggro knows about a codebase, as plain data.
 * Rules, the boundary table and every report read this and nothing below it. Imports nothing.
 */

/** A place in a source file. Lines and columns count from 1, columns in UTF-16 units, the end is exclusive. */
export interface Span {
  /** Posix path relative to the working directory. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** `file#name`: two bounded contexts may both have an `Order`. */
export type BlockId = string;

export const BLOCK_KINDS = [
  'aggregate-root',
  'entity',
  'value-object',
  'identifier',
  'domain-event',
  'command',
  'query',
  'repository',
  'repository-implementation',
  'factory',
  'domain-service',
  'application-service',
  'command-handler',
  'event-handler',
  'query-handler',
  'saga',
  'read-model',
  'persistence-record',
] as const;
/** `repository` is the abstraction, or the class itself where there is no abstraction. */
export type BlockKind = (typeof BLOCK_KINDS)[number];

/** Strongest first: the order in which evidence decides a block's role. */
export const EVIDENCE_KINDS = ['configuration', 'annotation', 'heritage', 'repository', 'convention', 'structure'] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

export interface Evidence {
  readonly kind: EvidenceKind;
  /** The role this piece of evidence speaks for. */
  readonly role: BlockKind;
  /** In the code's own words: `extends AggregateRoot`, `@Entity()`, `loaded and saved by OrderRepository`. */
  readonly detail: string;
  readonly at: Span;
}

/** A building block: a class, interface, type alias or function with a role. */
export interface Block {
  readonly id: BlockId;
  readonly name: string;
  readonly kind: BlockKind;
  readonly form: 'class' | 'interface' | 'type' | 'function' | 'variable' | 'namespace';
  /** The name in its declaration. */
  readonly at: Span;
  /** What decided the role first, then what else speaks for it. */
  readonly evidence: readonly Evidence[];
  /** Weaker evidence for another role. */
  readonly contradicting: readonly Evidence[];
  /** Other declarations of the same concept, an interface beside its class for one. */
  readonly aliases: readonly string[];
  /** A base class is only ever extended; findings about it name the blocks that inherit it. */
  readonly base: boolean;
  /** The root of the aggregate it belongs to; a root belongs to itself. */
  readonly aggregate?: BlockId;
  readonly fields: readonly Field[];
}

/** State of a block: an instance field, a parameter property or an entry of its property bag. */
export interface Field {
  readonly name: string;
  /** `Order.items`; for a property-bag entry the block and the entry. */
  readonly symbol: string;
  readonly at: Span;
  readonly via: 'field' | 'parameter-property' | 'property-bag';
  /** The type as written, or as inferred where none is written. */
  readonly type: string;
  readonly visibility: 'public' | 'protected' | 'private';
  readonly readonly: boolean;
  /** Building blocks found in the type, collections and wrappers looked through. */
  readonly holds: readonly Holding[];
}

export interface Holding {
  readonly block: BlockId;
  readonly as: 'value' | 'collection' | 'map';
}

export interface Aggregate {
  readonly root: BlockId;
  readonly name: string;
  readonly at: Span;
  readonly members: readonly Member[];
  readonly references: readonly Reference[];
  /** Repository blocks (abstractions first) that keep the root or one of its members. */
  readonly repositories: readonly BlockId[];
  /** Identifiers of the handlers that write it. */
  readonly writtenBy: readonly string[];
  /** Domain events that the root or a member raises. */
  readonly raises: readonly BlockId[];
}

export interface Member {
  readonly block: BlockId;
  readonly name: string;
  readonly kind: 'entity' | 'value-object';
  /** The containing field nearest to the root: `Order.items`. */
  readonly heldBy: string;
  /** Steps from the root: 1 for what the root itself holds. */
  readonly depth: number;
  readonly collection: boolean;
}

/** From inside one aggregate to another (or, by object, to another instance of the same root type). */
export interface Reference {
  /** The block whose field it is. */
  readonly from: BlockId;
  /** The root referred to. */
  readonly to: BlockId;
  /** What the field holds when that is not the root itself: a member of the other aggregate, or the identifier. */
  readonly target: BlockId;
  readonly by: 'identity' | 'object';
  readonly symbol: string;
  readonly at: Span;
  readonly collection: boolean;
  /** The type that carries the object: `Collection<Device>`, `Promise<Customer>`; as written. */
  readonly type: string;
  /**
   * Set where the target is itself held only here, has the root base and no repository:
   * it may be an entity that lives and dies with this aggregate.
   */
  readonly maybeMember?: boolean;
  /** A mapper or another framework reads the field's decorators. */
  readonly decorated?: boolean;
}

/** How the outside asks a root or entity who it is. Without a way to ask there is none. */
export interface Identity {
  readonly block: BlockId;
  /** What is typed by the block's own identifier comes first. */
  readonly accessors: readonly IdentityAccessor[];
  /** The ORM or the database makes it: what was not saved yet has none. */
  readonly generated: boolean;
}

export interface IdentityAccessor {
  /** `id`, `customerId`, `getId`. */
  readonly name: string;
  /** A method. */
  readonly call: boolean;
  /** In words that mean the same in any file that imports `names`; none where it has no such words. */
  readonly type?: string;
  readonly names: readonly {
    readonly name: string /** The file that declares it, or a package. */;
    readonly from: string;
    readonly package: boolean;
  }[];
}

export interface Repository {
  readonly block: BlockId;
  readonly name: string;
  readonly at: Span;
  /** Interface, abstract class, function type, or a class that implements none of the project's own. */
  readonly abstraction: boolean;
  /** What it loads and keeps. `root` is the aggregate that a write through it changes. */
  readonly keeps: readonly Kept[];
  readonly implementedBy: readonly BlockId[];
  /** Names of the methods that keep or drop something. */
  readonly writeMethods: readonly string[];
}

export interface Kept {
  readonly block: BlockId;
  readonly root: BlockId;
  /** A member of the root, not the root itself. */
  readonly member: boolean;
  /** The same for the heirs of one abstract root, and for the states of one root that a method takes as a union. */
  readonly as: BlockId;
}

export const HANDLER_KINDS = [
  'command-handler',
  'event-handler',
  'query-handler',
  'application-service',
  'domain-service',
  'saga',
  'controller',
] as const;

/** One entry point: a method or closure that runs a use case. */
export interface Handler {
  /** `file#Class.method`. */
  readonly id: string;
  /** `PlaceOrderHandler.execute`; for a closure the outer constant. */
  readonly name: string;
  readonly kind: (typeof HANDLER_KINDS)[number];
  readonly block?: BlockId;
  readonly at: Span;
  /** Events, commands or queries it is registered for. */
  readonly handles: readonly BlockId[];
  readonly writes: readonly Write[];
  /** Writes of two aggregates on one execution path, in the order in which they happen. */
  readonly together: readonly WritePair[];
}

export interface Write {
  /** The root that is written. */
  readonly aggregate: BlockId;
  /** What the call persists where that is a member. */
  readonly member?: BlockId;
  readonly at: Span;
  /** As in the code: `orders.save(order)`. */
  readonly call: string;
  readonly how: 'save' | 'remove' | 'append' | 'change';
  /** It runs once for each of several instances. */
  readonly inLoop: boolean;
  /** Names of the functions between the handler and the call, outermost first. */
  readonly through: readonly string[];
}

export interface WritePair {
  readonly first: Write;
  readonly second: Write;
  /** Two separately obtained instances of one aggregate type. */
  readonly sameType: boolean;
  /** The transaction that spans both, where one is visible. */
  readonly transaction?: { readonly name: string; readonly at: Span };
  /**
   * Where another handler on the path makes both writes, that handler's id:
   * the pair is reported there, at the innermost.
   */
  readonly within?: string;
}

/** A public way to a live mutable collection. */
export interface Exposure {
  readonly owner: BlockId;
  /** `Order.items`. */
  readonly symbol: string;
  readonly at: Span;
  readonly via: 'field' | 'property-bag' | 'accessor' | 'method';
  readonly collection: 'array' | 'map' | 'set' | 'collection';
  /** Static type as written or inferred. */
  readonly type: string;
  /** The project class with mutators, where the collection is one. */
  readonly collectionClass?: string;
  /** A mutator of that class, to name in the message. */
  readonly mutator?: string;
  /** For a bag that a base makes public: an entry of an heir that is a collection. */
  readonly entry?: string;
  /** Of a field or an entry: what holds the collection, and what its class does with it. */
  readonly held?: HeldCollection;
  /** Of an accessor or method: the field that it hands out, by name. */
  readonly handsOut?: string;
  /** Names of the blocks that inherit the member, when the owner is a base. */
  readonly inheritedBy: readonly string[];
}

export interface HeldCollection {
  /** The name of the field, or of the bag's entry. */
  readonly at: Span;
  /** Of an entry: the field that is the bag. */
  readonly bag?: { readonly symbol: string; readonly at: Span };
  readonly readonly: boolean;
  /** The class or an heir puts into it, or takes out of it. */
  readonly changedInPlace: boolean;
  /** The class or an heir puts another in its place after construction. */
  readonly replaced: boolean;
}

export interface Raise {
  readonly event: BlockId;
  readonly by: BlockId;
  readonly at: Span;
}

// ── what the code enforces ────────────────────────────────────────────────────────────────────────────────────────

/** State is named by its symbol, `Order.status`, `OrderItem.quantity`, as in `Field.symbol`. */
export type StateSymbol = string;

/** A business rule the code enforces on the state of one aggregate. */
export interface Invariant {
  /** The root of the aggregate whose state it is about. */
  readonly aggregate: BlockId;
  /**
   * `guard`: a refusal on a condition over state; `derived`: a field computed from other fields; `transition`: a status moved
   * between literal values; `declared`: validation written on the state itself (decorators, a schema).
   */
  readonly kind: 'guard' | 'derived' | 'transition' | 'declared';
  /** The block whose code enforces it: the root, a member, or a function's block. */
  readonly owner: BlockId;
  /** `Order.addItem`, `Order.constructor`, `evolve`; for a declared one the field itself. */
  readonly in: string;
  /** The condition, the assignment, the decorator. */
  readonly at: Span;
  /** In the code's words, on one line: `items.length >= MAX_ITEMS`, `total = sum(items)`, `status: draft → placed`. */
  readonly text: string;
  /** State that the condition or the computation reads, helpers followed. */
  readonly reads: readonly StateSymbol[];
  /** State it protects: what a guarded operation goes on to write, the computed field, the status. */
  readonly writes: readonly StateSymbol[];
  /** Parameters of the operation that the condition reads. */
  readonly parameters: readonly string[];
  /** Helpers, predicates and specifications followed to find it, outermost first. */
  readonly through: readonly string[];
  /** How a guard refuses. */
  readonly refusal?: 'throw' | 'failure' | 'assertion';
  /** `from` is empty where the code lets it come from anywhere. */
  readonly transition?: { readonly field: StateSymbol; readonly from: readonly string[]; readonly to: string };
  /** It judges only what the operation was given, not the state as it is: `title.length < 3`. */
  readonly ofInput?: true;
  /** A derived write that is not computed from other state, but only made or left out depending on it. */
  readonly conditional?: true;
  /** Collections whose number it limits. */
  readonly limits?: readonly StateSymbol[];
}

/** A method of a root or member, or a function over the state of a functional aggregate: what it reads and writes, helpers followed. */
export interface Operation {
  readonly aggregate: BlockId;
  readonly owner: BlockId;
  /** `Order.addItem`; for a function its name. */
  readonly name: string;
  readonly at: Span;
  /** `applier`: changes state for an event that a command method decided on; its writes also count as the command method's. */
  readonly kind: 'constructor' | 'factory' | 'command' | 'query' | 'applier';
  readonly reads: readonly StateSymbol[];
  readonly writes: readonly StateSymbol[];
  /** Collections that it adds to, of those it writes. */
  readonly adds: readonly StateSymbol[];
  readonly raises: readonly BlockId[];
  /** Identifiers of the handlers that reach it. */
  readonly calledBy: readonly string[];
}

/** Fields of one aggregate that invariants tie to one another, and to nothing else in it. */
export interface Cluster {
  readonly aggregate: BlockId;
  /** A word for it out of its fields: `fulfilment`. */
  readonly name: string;
  readonly fields: readonly StateSymbol[];
  readonly invariants: readonly Invariant[];
  readonly operations: readonly Operation[];
  /** Identifiers of the handlers that reach its operations and no other cluster's. */
  readonly handlers: readonly string[];
  /** Events its operations raise or those handlers handle. */
  readonly events: readonly BlockId[];
}

// ── what messages carry ───────────────────────────────────────────────────────────────────────────────────────────

/** A root or entity that a domain event or command stores. */
export interface Payload {
  /** The event or command; for one that only a factory makes, the factory's own name. */
  readonly message: string;
  readonly of: 'domain-event' | 'command';
  readonly carries: BlockId;
  /** `OrderPlaced.order`; for a generic envelope the message's name. */
  readonly symbol: string;
  readonly at: Span;
  readonly via: 'field' | 'envelope' | 'factory';
  /** As written: `readonly Order[]`, `Event<Order>`. */
  readonly type: string;
  readonly collection: boolean;
  /** Names of the messages that inherit the field, when a base declares it. */
  readonly inheritedBy: readonly string[];
}

// ── where entities lie ────────────────────────────────────────────────────────────────────────────────────────────

/** A field by its symbol, `Order.items`, and its place. */
export interface Holder {
  readonly symbol: string;
  readonly at: Span;
  /** Name of the root in whose aggregate the field lies, if any. */
  readonly aggregate?: string;
}

/** An entity type that several roots contain, and that belongs to none of them more than to the others. */
export interface SharedMember {
  readonly member: BlockId;
  /** One for each field, in the order of the aggregates. */
  readonly holders: readonly Holder[];
}

/** A field of a value object that stores a root or entity. */
export interface EntityInValue {
  readonly value: BlockId;
  readonly holds: BlockId;
  readonly symbol: string;
  readonly at: Span;
  readonly collection: boolean;
  /** Names of the value objects that inherit the field, when a base declares it. */
  readonly inheritedBy: readonly string[];
}

/** An entity that no root contains and nothing loads and keeps. */
export interface Orphan {
  readonly entity: BlockId;
  /** Fields outside every aggregate that hold it. */
  readonly heldBy: readonly Holder[];
}

/** What loading a root brings along. */
export interface Hydration {
  readonly aggregate: BlockId;
  /** Entity types; the heirs of one base that a field is typed by are one. Depth counts entities: 1 for what the root itself holds. */
  readonly entities: readonly { readonly name: string; readonly heldBy: string; readonly depth: number }[];
  /** Fields that hold many entities. */
  readonly collections: readonly Holder[];
}

// ── who may change state ──────────────────────────────────────────────────────────────────────────────────────────

/** A piece of state of a root, member or value object, told once: at the class or type that declares it. */
export interface StateAccess {
  readonly owner: BlockId;
  /** Whose state it is; for a base, what its heirs are. */
  readonly of: 'aggregate-root' | 'entity' | 'value-object';
  readonly symbol: StateSymbol;
  readonly at: Span;
  /** `type`: a property of an interface or object type. */
  readonly via: 'field' | 'parameter-property' | 'property-bag' | 'type';
  readonly visibility: 'public' | 'protected' | 'private';
  readonly readonly: boolean;
  /** It holds the identity of its owner, or of the heirs. */
  readonly identity: boolean;
  /** Of a public property bag: an entry that callers can assign, `Order.status`. */
  readonly openEntry?: StateSymbol;
  /** A getter or method that hands out the live bag, where the field itself is not public. */
  readonly handedOutBy?: { readonly symbol: string; readonly at: Span };
  /** An ORM or another framework reads and writes it. */
  readonly mapped: boolean;
  /** The ORM or the database makes its value. */
  readonly generated: boolean;
  /** Its type admits one value only. */
  readonly literal: boolean;
  /** An exposure says already what is wrong with it. */
  readonly exposed: boolean;
  /** Its class is known to its own file only. */
  readonly local: boolean;
  /** The class freezes it, or itself, when it is made. */
  readonly frozen: boolean;
  /** Names of the blocks that inherit it. */
  readonly inheritedBy: readonly string[];
  readonly assignments: readonly Assignment[];
  /** Nothing gives it another value after the constructor of the class that declares it. */
  readonly settled: boolean;
  /** Of an open bag: the entries that can be assigned, once each where heirs share their type. */
  readonly writableEntries?: readonly { readonly symbols: readonly StateSymbol[]; readonly at: Span; readonly settled: boolean }[];
}

export interface Assignment {
  /** `Order.rename`; undefined for code that assigns to a plain type. */
  readonly by?: string;
  readonly at: Span;
  /**
   * `construction`: in the constructor, or in what only it calls; `replay`: applies an event or restores a stored state; `once`: the
   * first value, or one that is kept if it is there; `outside`: code that assigns to a plain type.
   */
  readonly how: 'construction' | 'replay' | 'once' | 'setter' | 'method' | 'outside';
}

/** A member of a root, member or value object that changes its state, construction and replay set aside. */
export interface Mutator {
  readonly owner: BlockId;
  readonly of: 'aggregate-root' | 'entity' | 'value-object';
  /** `Order.title`, `Order.setTitle`, `Money.add`. */
  readonly symbol: string;
  readonly at: Span;
  readonly via: 'setter' | 'set-method' | 'method';
  readonly visibility: 'public' | 'protected' | 'private';
  /** Paths from `this`: `props.title`. */
  readonly changes: readonly string[];
  readonly identity: boolean;
  /** Of setters: a check in it can refuse the value. */
  readonly guarded: boolean;
  /** Of setters: other state is computed anew. */
  readonly derives: boolean;
  /** Of setters: nothing but assignments, and perhaps a timestamp. */
  readonly onlyAssigns: boolean;
  readonly mapped: boolean;
  /** Only an event or a stored state is applied. */
  readonly replays: boolean;
  /** Only what is computed once is kept. */
  readonly memoizes: boolean;
  /** A decorator stands on it, so that a framework may use it. */
  readonly decorated: boolean;
  /** Of setters and `set…` methods: who was seen to use it, the class and its heirs, or others too. */
  readonly usedBy: 'nobody' | 'its class' | 'others';
  readonly inheritedBy: readonly string[];
}

// ── the way past the root ─────────────────────────────────────────────────────────────────────────────────────────

/** A change of an aggregate's state by code outside it that does not ask the root. */
export interface OutsideChange {
  /** The root of the aggregate that is changed. */
  readonly aggregate: BlockId;
  /** The root or member whose state it is. */
  readonly target: BlockId;
  /**
   * `assignment`: a field given another value; `collection`: elements added or taken away; `call`: a member told to change;
   * `generic`: fields named in data, `order.set('status')`, `Object.assign(order, …)`.
   */
  readonly how: 'assignment' | 'collection' | 'call' | 'generic';
  /** The field that is assigned or holds the collection, `Order.items`; the method that is called, `OrderItem.changeQuantity`. */
  readonly symbol?: StateSymbol;
  /** Who does it: `PlaceOrderHandler.execute`; a handler's name where it is one. */
  readonly by: string;
  /** The name that is assigned or called. */
  readonly at: Span;
  /** As in the code: `order.items[0].changeQuantity(2)`. */
  readonly text: string;
}

// ── growth and creation ───────────────────────────────────────────────────────────────────────────────────────────
// ── the consistency-boundary test ─────────────────────────────────────────────────────────────────────────────────

/** A sentence in the code's words, code in backticks, and the place that it speaks of. */
export interface Reason {
  readonly text: string;
  readonly at?: Span;
}

/** Something an aggregate holds or refers to: must it be consistent with the root in the same transaction, does it belong inside? */
export interface Concept {
  readonly aggregate: BlockId;
  /** The block it is (`OrderItem`, `Customer`), or its fields (`status`; `startsAt, endsAt`). */
  readonly name: string;
  /** The fields of the aggregate that hold it or refer to it. */
  readonly symbols: readonly StateSymbol[];
  readonly what: 'entity' | 'value-object' | 'state' | 'reference-by-identity' | 'reference-by-object';
  readonly answer: 'yes' | 'no' | 'as a value object' | 'no evidence';
  /** The cluster that it must be consistent with, where the aggregate falls into several. */
  readonly within?: string;
  readonly because: readonly Reason[];
}

/** What loading a root brings into memory, and what limits it. */
export interface Extent {
  readonly aggregate: BlockId;
  readonly entities: readonly BlockId[];
  readonly valueObjects: readonly BlockId[];
  /** Other roots that object references drag along, those of theirs included. */
  readonly roots: readonly BlockId[];
  readonly collections: readonly LoadedCollection[];
}

export interface LoadedCollection {
  readonly symbol: StateSymbol;
  readonly of: BlockId;
  readonly at: Span;
  /** What limits its number; none means that it may grow for ever. */
  readonly bound?: Reason;
}

/** An aggregate for each cluster, where two or more enforce rules of weight and share none. */
export interface Split {
  readonly aggregate: BlockId;
  readonly parts: readonly SplitPart[];
  /** Operations that change fields of several parts: each part takes its share. Constructors and factories are not among them. */
  readonly divided: readonly Operation[];
  /** Identifiers of handlers that reach several parts: one write stays, an event carries the others. */
  readonly dividedHandlers: readonly string[];
  /** Identifiers of other handlers that create it, or write it past its operations. */
  readonly otherHandlers: readonly string[];
  /** Where the columns are known: that the parts may share the row, each with its own. */
  readonly storage?: Reason;
}

export interface SplitPart {
  /** `OrderFulfilment`. */
  readonly name: string;
  /** `OrderFulfilmentRepository`. */
  readonly repository: string;
  readonly cluster: Cluster;
  /** Those that change or read nothing of another part. */
  readonly operations: readonly Operation[];
  /** Identifiers of the handlers that reach this part alone, by its operations or by the columns they write. */
  readonly handlers: readonly string[];
  /** The columns that its fields are mapped to, where that is known. */
  readonly columns: readonly string[];
}

/** A collection of entities that operations add to. */
export interface GrowingCollection {
  readonly aggregate: BlockId;
  readonly owner: BlockId;
  readonly symbol: StateSymbol;
  readonly at: Span;
  readonly entity: BlockId;
  /** Names of the operations that add to it. */
  readonly addedBy: readonly string[];
  /** Something limits its number: a guard, a condition, the keys that its type allows. */
  readonly limited: boolean;
}

/** A root with guards in a factory that its constructor, open to everyone, does not repeat. */
export interface OpenConstruction {
  readonly root: BlockId;
  /** The constructor; the class where the constructor is a base's. */
  readonly at: Span;
  readonly inherited: boolean;
  readonly skips: readonly Invariant[];
}

// ── infrastructure in the model, and equality ─────────────────────────────────────────────────────────────────────

/** A repository, client or the like that a root, entity or value object keeps, or imports and calls. */
export interface ServiceHeld {
  readonly owner: BlockId;
  readonly how: 'stored' | 'called';
  readonly sort: 'repository' | 'unit-of-work' | 'orm-manager' | 'http-client' | 'bus';
  /** The field, `Money.client`; for a call the method that makes it, `Order.place`. */
  readonly symbol: string;
  readonly at: Span;
  /** The service's type or name: `AxiosInstance`, `fetch`. */
  readonly service: string;
  readonly text?: string;
  /** Names of the blocks that inherit it, where the owner is a base. */
  readonly inheritedBy: readonly string[];
}

/** A comparison that takes two of the same for two different ones, or asks an entity for more than its identity. */
export interface EqualityFault {
  /** The block that compares; of a look-up the block that is looked up. */
  readonly owner?: BlockId;
  readonly of: 'entity' | 'value-object' | 'lookup';
  readonly how: 'attributes' | 'reference';
  /** `Order.equals`; of a look-up the function that makes it. */
  readonly symbol: string;
  readonly at: Span;
  /** The attributes, or the comparisons as in the code. */
  readonly compared: readonly string[];
  /** Where these comparisons stand, unless one of them compares what has no `equals` to ask, or is a look-up by key. */
  readonly comparableAt?: readonly Span[];
  /** Name of the field that identifies the entity that compares. */
  readonly identity?: string;
  /** Name of the identifier or value object that is looked up. */
  readonly value?: string;
}

// ── what handlers do to one another ───────────────────────────────────────────────────────────────────────────────

/** What tells that a root was changed by another in the meantime. */
export interface Version {
  readonly aggregate: BlockId;
  /** Where it is a field of the root. */
  readonly field?: StateSymbol;
  /** The base class whose field it is. */
  readonly declaredIn?: string;
  /** `orm`: a column that the mapper keeps; `base`: a field that a base class declares; `event-stream`: the revision that an append expects. */
  readonly by: 'field' | 'orm' | 'base' | 'event-stream';
  /** Whether anything compares it on save: the mapper, a condition of the update, the store. */
  readonly checked: boolean;
  /** The field, the option, or the append. */
  readonly at: Span;
  readonly checkedAt?: Span;
  /** A method that changes parts alone, which leaves the version of a mapped row as it was. */
  readonly skipped?: { readonly symbol: string; readonly at: Span };
}

/** Two handlers that one event starts and that write the same aggregate: one may overwrite what the other saved. */
export interface Contention {
  readonly aggregate: BlockId;
  /** Name of the event or topic; two where an operation always raises both. */
  readonly events: readonly [string, string?];
  /** Identifiers of the handlers, in the order of declaration. */
  readonly first: string;
  readonly second: string;
  readonly firstWrite: { readonly call: string; readonly at: Span };
  readonly secondWrite: { readonly call: string; readonly at: Span };
  /** Fields that each changes before it writes, where the code shows them. */
  readonly firstFields: readonly StateSymbol[];
  readonly secondFields: readonly StateSymbol[];
}

/** A rule about a root's state that a handler enforces, before it changes or removes that root. */
export interface OutsideGuard {
  readonly aggregate: BlockId;
  /** Identifier of the handler. */
  readonly handler: string;
  /** The innermost test, in the code's words. */
  readonly at: Span;
  readonly text: string;
  readonly how: 'throw' | 'failure' | 'assertion';
  readonly change: { readonly text: string; readonly at: Span };
  /** Whether the root has any behaviour: more than accessors and bare assignments. */
  readonly behaviour: boolean;
  /** A method that changes parts alone, which leaves the version of a mapped row as it was. */
  readonly skipped?: { readonly symbol: string; readonly at: Span };
}

/** A handler that keeps others out while it changes something. */
export interface Lock {
  /** `Handler.id`. */
  readonly handler: string;
  readonly at: Span;
}

// ── how it is kept ────────────────────────────────────────────────────────────────────────────────────────────────

/** A table, collection or document type, as its mapping declares it or the statements name it. */
export interface Table {
  /** As the database knows it, schema first; the mapping's own name where naming is left to the library. */
  readonly name: string;
  readonly at: Span;
  /** The class or constant that is mapped. */
  readonly mappedBy?: BlockId;
  /** None where statements alone name the table. */
  readonly columns: readonly Column[];
  readonly relations: readonly TableRelation[];
}

export interface Column {
  readonly name: string;
  /** Of the class that is mapped. */
  readonly field?: string;
  readonly at: Span;
  /** Counts changes, or tells one from another. */
  readonly version: boolean;
  readonly key: boolean;
  /** Tells which of several types a row is. */
  readonly discriminator: boolean;
}

export interface TableRelation {
  readonly field: string;
  readonly at: Span;
  /** Name of the class, schema or model at the other end. */
  readonly to: string;
  readonly kind: 'one-to-one' | 'one-to-many' | 'many-to-one' | 'many-to-many' | 'embedded' | 'unknown';
  readonly cascade: boolean;
  readonly eager: boolean;
  readonly lazy: boolean;
}

/** A statement that writes columns of rows that may be there already. What can't be resolved is left out. */
export interface ColumnWrite {
  /** `Table.name`. */
  readonly table: string;
  /** `whole-row` where everything that was read or mapped is written back. */
  readonly columns: readonly string[] | 'whole-row';
  readonly at: Span;
  readonly call: string;
  /** `SqlOrderRepository.save`. */
  readonly symbol: string;
  /** The block whose code makes it. */
  readonly by?: BlockId;
  /** The root for which it is made. */
  readonly aggregate?: BlockId;
}

/** Two aggregates that write the same columns of the same rows. */
export interface ColumnClash {
  readonly table: string;
  /** None where both write all columns of a table that nothing declares. */
  readonly columns: readonly string[];
  /** The one that writes whole rows, else the one declared later. */
  readonly write: ColumnWrite;
  readonly other: ColumnWrite;
}

/** A part of an aggregate that is fetched later than its root. */
export interface LazyPart {
  readonly aggregate: BlockId;
  /** The root or member whose field it is. */
  readonly owner: BlockId;
  readonly member: BlockId;
  /** `Device.feeds`. */
  readonly symbol: string;
  readonly at: Span;
  readonly collection: boolean;
  /** A promise, the mapping's `lazy: true`, a reference type of the ORM that loads when asked, or code that asks for it. */
  readonly how: 'promise' | 'option' | 'lazy-reference' | 'on-demand';
  /** In the code's words: `Promise`, `lazy: true`, `LazyRef`, `order.items.init()`. */
  readonly container: string;
  /** Where code asks for it. */
  readonly loadedAt?: Span;
  /** The decorator of TypeORM or MikroORM that maps it, or its name in an entity schema. */
  readonly mapping?: Span;
}

// ── what is never written apart ───────────────────────────────────────────────────────────────────────────────────

/** Roots that are never written apart. */
export interface Cohesion {
  readonly roots: readonly BlockId[];
  /** Identifiers of the handlers that write them, each all of them. */
  readonly handlers: readonly string[];
}

/** A handler whose second write could move to a handler of an event, and the code that shows how this project does that. */
export interface Division {
  /** Identifier of the handler. */
  readonly handler: string;
  readonly pair: WritePair;
  /** The declarations of the two roots. */
  readonly first: Span;
  readonly second: Span;
  /** Where roots raise events: the first root's own before the others, the nearest by folder first. */
  readonly raises: readonly Raise[];
  /** Handlers of events that are methods of a class, those nearest to the second root first. */
  readonly listeners: readonly Handler[];
  /** The declarations of what keeps the first root: abstractions and implementations. */
  readonly keepers: readonly Span[];
}

/** A root that a handler loads beside the one it writes, and only looks at. */
export interface ForeignLoad {
  /** Identifier of the handler. */
  readonly handler: string;
  readonly aggregate: BlockId;
  /** The call that loads it. */
  readonly at: Span;
  readonly call: string;
  /** What is asked of it by name; nothing where it is handed on as a whole. */
  readonly reads: readonly string[];
}

/** How well the code was understood: reported instead of guessed over. */
export interface Coverage {
  readonly files: number;
  readonly unparsed: readonly { readonly file: string; readonly message: string; readonly line: number; readonly column: number }[];
  readonly unresolvedImports: number;
  /** Candidates that came closest to being an aggregate root, when there are none. */
  readonly nearMisses: readonly { readonly name: string; readonly at: Span; readonly why: string }[];
}

/** Facts that not every command asks for are computed when they are first read: `lazy.ts`. */
export interface DomainModel {
  readonly blocks: readonly Block[];
  readonly aggregates: readonly Aggregate[];
  readonly repositories: readonly Repository[];
  readonly handlers: readonly Handler[];
  readonly exposures: readonly Exposure[];
  readonly raises: readonly Raise[];
  readonly invariants: readonly Invariant[];
  readonly operations: readonly Operation[];
  /** Of every aggregate that has invariants; one cluster means that its state holds together. */
  readonly clusters: readonly Cluster[];
  readonly payloads: readonly Payload[];
  readonly identities: readonly Identity[];
  readonly sharedMembers: readonly SharedMember[];
  readonly entitiesInValues: readonly EntityInValue[];
  readonly orphans: readonly Orphan[];
  readonly hydrations: readonly Hydration[];
  readonly stateAccess: readonly StateAccess[];
  readonly mutators: readonly Mutator[];
  readonly outsideChanges: readonly OutsideChange[];
  readonly consistency: readonly Concept[];
  /** One for each aggregate. */
  readonly extents: readonly Extent[];
  /** Of the aggregates that fall apart. */
  readonly splits: readonly Split[];
  readonly servicesHeld: readonly ServiceHeld[];
  readonly equalityFaults: readonly EqualityFault[];
  readonly collections: readonly GrowingCollection[];
  readonly openConstructions: readonly OpenConstruction[];
  readonly contentions: readonly Contention[];
  readonly outsideGuards: readonly OutsideGuard[];
  /** Of the roots that carry one. */
  readonly versions: readonly Version[];
  /** `Write.at` of those that save what was made just before. */
  readonly creations: readonly Span[];
  readonly locks: readonly Lock[];
  readonly lazyParts: readonly LazyPart[];
  readonly tables: readonly Table[];
  readonly columnWrites: readonly ColumnWrite[];
  readonly columnClashes: readonly ColumnClash[];
  readonly cohesions: readonly Cohesion[];
  readonly divisions: readonly Division[];
  readonly foreignLoads: readonly ForeignLoad[];
  readonly coverage: Coverage;
}
