/** Constructs that Espruino's parser refuses, or accepts and runs differently. */
import type { Identifier, Node } from "acorn";
import type { Find } from "./dialect.ts";
import { RESERVED } from "./refuse.ts";
import { endsEarly, regexProblem } from "./regex.ts";
import { childrenOf, type Declared, isFunction, type Loose, type Scopes } from "./scopes.ts";

/** By type of node: rule, what is wrong, what to write. */
const NEVER: Readonly<Record<string, readonly [rule: string, message: string, instead: string]>> = {
  ArrayPattern: ["destructuring", "Espruino has no destructuring", "take the parts one by one"],
  AssignmentPattern: ["default-value", "Espruino has no default values", "test for undefined"],
  AwaitExpression: ["async", "Espruino has no await", "use then"],
  ChainExpression: ["optional-chaining", "Espruino has no `?.`", "test for null and undefined"],
  ImportExpression: ["dynamic-import", "Espruino has no import()", "use require"],
  LabeledStatement: ["label", "Espruino has no labels", "leave the loops with return"],
  MetaProperty: ["meta-property", "Espruino has no new.target", "pass the value in"],
  ObjectPattern: ["destructuring", "Espruino has no destructuring", "take the parts one by one"],
  PrivateIdentifier: ["private-name", "Espruino has no #names", "use a name that begins with _"],
  PropertyDefinition: [
    "class-field",
    "Espruino evaluates class fields with the wrong `this`",
    "assign in the constructor",
  ],
  RestElement: ["rest", "Espruino has no rest parameters", "use arguments"],
  SpreadElement: ["spread", "Espruino has no spread", "use concat, apply or Object.assign"],
  StaticBlock: ["static-block", "Espruino has no static blocks", "write the statements after the class"],
  TaggedTemplateExpression: ["tagged-template", "Espruino has no tagged templates", "call the function"],
  WithStatement: ["with", "Espruino has no `with`", "name the object"],
  YieldExpression: ["generator", "Espruino has no generators", "return an array"],
};

const BUILT_IN =
  /^(Object|Function|Array|String|Number|Boolean|Promise|Date|RegExp|\w*Error|\w+Array|ArrayBuffer|DataView)$/;

export function checkSyntax(program: Node, code: string, scopes: Scopes, find: Find): void {
  const classes = new Map<Declared, Loose>();
  const visit = (node: Node): void => {
    const loose = node as Loose;
    const never = NEVER[node.type];
    if (never) find(node, ...never);
    CHECKS[node.type]?.(loose, { find, scopes, code });
    if (isFunction(node)) checkFunction(loose, find);
    if (node.type === "ClassDeclaration" || node.type === "ClassExpression") {
      checkClass(loose, scopes, find);
      const declared = classVariable(loose, scopes);
      if (declared) classes.set(declared, loose);
    }
    childrenOf(node).forEach(visit);
  };
  visit(program);
  checkInheritance(classes, scopes, find);
  for (const scope of scopes.all) for (const declared of scope.names.values()) checkDeclared(declared, scopes, find);
}

interface Context {
  readonly find: Find;
  readonly scopes: Scopes;
  readonly code: string;
}

const CHECKS: Readonly<Record<string, (node: Loose, context: Context) => void>> = {
  BinaryExpression(node, { find }) {
    if (node.operator === "**") find(node, "exponent", "Espruino has no `**`", "use Math.pow");
    const isHuge = ({ type, value }: Loose): boolean =>
      type === "Literal" && typeof value === "number" && value >= 2 ** 63;
    if (
      /^([|&^]|<<|>>>?)$/.test(node.operator as string) &&
      (isHuge(node.left as Loose) || isHuge(node.right as Loose))
    )
      find(node, "long-number", "Espruino's bits of so large a number are 0", "use a number below 2^63");
  },
  AssignmentExpression(node, { find }) {
    if (/^(\*\*|&&|\|\||\?\?)=$/.test(node.operator as string))
      find(node, "logical-assignment", `Espruino has no \`${node.operator as string}\``, "write the assignment out");
    checkLength(node.left as Loose, find);
  },
  UpdateExpression: (node, { find }) => checkLength(node.argument as Loose, find),
  Literal(node, { find }) {
    const regex = node.regex as { pattern: string; flags: string } | undefined;
    const problem = regex && regexProblem(regex.pattern, regex.flags);
    if (problem) find(node, "regex", problem.message, problem.instead);
    if (regex && endsEarly(regex.pattern))
      find(node, "regex", "Espruino ends the regular expression at a `/` in a class", "write \\/");
    if (typeof node.bigint === "string") find(node, "bigint", "Espruino has no BigInt", "use a double, or two numbers");
    if (typeof node.value === "string") checkText(node, node.value, find);
    if (typeof node.value === "number" && node.value >= 2 ** 63 && /^\d+$/.test(node.raw as string))
      find(node, "long-number", "Espruino reads so many digits as another number", "write it with an exponent");
  },
  UnaryExpression(node, { find }) {
    const argument = node.argument as Loose;
    if (node.operator === "-" && argument.type === "Literal" && argument.value === 0)
      find(node, "minus-zero", "Espruino's zero has no sign", "write 0");
  },
  ObjectExpression(node, { find }) {
    const names = (node.properties as Loose[]).map(({ key }) => String((key as Loose | undefined)?.value ?? ""));
    const isIndex = (name: string): boolean => /^(0|[1-9]\d{0,8})$/.test(name);
    if (names.some((name, i) => isIndex(name) && i > 0 && !(isIndex(names[i - 1]!) && +names[i - 1]! < +name)))
      find(
        node,
        "key-order",
        "Espruino keeps numbers among the keys in the order of the text",
        "write them first, ascending",
      );
  },
  ForInStatement(node, { find }) {
    const walk = (inner: Node): void => {
      const { operator, argument } = inner as Loose;
      if (operator === "delete" && (argument as Loose).computed)
        find(
          inner,
          "delete-in-loop",
          "Espruino leaves out keys when one is deleted in the loop",
          "loop over Object.keys",
        );
      childrenOf(inner).forEach(walk);
    };
    walk(node.body as Node);
  },
  ThisExpression(node, { find, scopes }) {
    let at = scopes.parents.get(node);
    while (at && (!isFunction(at) || at.type === "ArrowFunctionExpression")) at = scopes.parents.get(at);
    const parent = at && (scopes.parents.get(at) as Loose);
    if (!at || (parent?.type === "CallExpression" && parent.callee === at))
      find(node, "global-this", "`this` is the global object here", "write global");
  },
  CallExpression(node, { find, scopes }) {
    const callee = node.callee as Loose;
    if (callee.type === "Identifier" && callee.name === "eval" && !scopes.of.get(callee as unknown as Identifier))
      find(node, "eval", "the names that this text uses are shortened in the bundle", "write the code out");
    if (callee.type !== "MemberExpression" || callee.computed) return;
    const object = callee.object as Loose;
    const declared = object.type === "Identifier" ? scopes.of.get(object as unknown as Identifier) : undefined;
    if ((callee.property as Loose).name === "toString" && (isFunction(object) || declared?.kind === "function"))
      find(node, "function-text", "the text of a function is another in the bundle", "keep the text in a string");
  },
  NewExpression(node, { find, scopes }) {
    const declared = scopes.of.get(node.callee as unknown as Identifier);
    const made = declared?.kind === "function" ? declared.declarations[0] : undefined;
    const walk = (inner: Node): void => {
      const value = (inner as Loose).argument as Loose | null;
      if (
        inner.type === "ReturnStatement" &&
        value &&
        /^(Literal|TemplateLiteral|BinaryExpression|UnaryExpression)$/.test(value.type)
      )
        find(inner, "constructor-return", "Espruino returns this instead of the new object", "return nothing");
      if (!isFunction(inner) || inner === made) childrenOf(inner).forEach(walk);
    };
    if (made) walk(made);
  },
  TemplateElement: (node, { find }) => checkWide(node, (node.value as { cooked: string }).cooked, find),
  Property(node, { find, scopes }) {
    if (node.computed && scopes.parents.get(node)?.type === "ObjectExpression")
      find(node, "computed-key", "Espruino has no computed keys", "assign after the literal");
  },
  ArrayExpression(node, { find }) {
    if ((node.elements as (Node | null)[]).includes(null))
      find(node, "array-hole", "Espruino cannot parse holes in a list", "write undefined");
  },
  DoWhileStatement(node, { find }) {
    if ((node.body as Node).type === "EmptyStatement")
      find(node, "empty-do", "Espruino cannot parse `do;while`", "write do{}while");
  },
  SwitchStatement(node, { find }) {
    const cases = node.cases as Loose[];
    const index = cases.findIndex(({ test }) => !test);
    if (index >= 0 && index < cases.length - 1)
      find(cases[index + 1] as Node, "case-after-default", "Espruino wants `default` last", "move it to the end");
  },
  ForStatement(node, { find }) {
    const walk = (inner: Node): void => {
      if (inner.type === "BinaryExpression" && (inner as Loose).operator === "in")
        find(inner, "in-for-init", "Espruino takes this `in` for a for-in loop", "compute it before the loop");
      if (!isFunction(inner)) childrenOf(inner).forEach(walk);
    };
    if (node.init) walk(node.init as Node);
  },
  ForOfStatement(node, { find }) {
    if (node.await) find(node, "async", "Espruino has no `for await`", "use then");
  },
  ReturnStatement(node, { find, code }) {
    if (!node.argument && /^return[^;]*\n\s*[^\s;}]/.test(code.slice(node.start, node.start + 200)))
      find(node, "return-newline", "Espruino returns what is on the next line", "write `return;`");
  },
  Super(node, { find, scopes }) {
    let at = scopes.parents.get(node);
    while (at && !isFunction(at)) at = scopes.parents.get(at);
    const method = at && scopes.parents.get(at);
    if (at?.type === "ArrowFunctionExpression")
      find(node, "super-arrow", "Espruino has no `super` in arrows", "name the base class");
    else if (method?.type !== "MethodDefinition")
      find(node, "super-object", "Espruino has no `super` in objects", "name the object");
  },
};

function checkLength(target: Loose, find: Find): void {
  if (target.type === "MemberExpression" && !target.computed && (target.property as Loose).name === "length")
    find(target, "assign-length", "Espruino cannot assign the length of an array", "use splice");
}

function checkText(node: Loose, text: string, find: Find): void {
  checkWide(node, text, find);
  const raw = node.raw as string;
  if (/(^|[^\\])(\\\\)*\\\r?\n/.test(raw))
    find(node, "line-continuation", "Espruino keeps the end of the line in the text", "join two strings");
  if (/(^|[^\\])(\\\\)*\\(0\d|[1-9])/.test(raw))
    find(node, "octal-escape", "octal escapes are not in the language any more", "write \\xNN");
}

function checkWide(node: Node, text: string | null, find: Find): void {
  if (text !== null && /[^\0-\xff]/.test(text))
    find(
      node,
      "wide-character",
      "a character does not fit in one byte: Espruino keeps its low byte",
      "write UTF-8 bytes as \\xNN",
    );
}

function checkFunction(node: Loose, find: Find): void {
  if (node.generator) find(node, "generator", "Espruino has no generators", "return an array");
  else if (node.async) find(node, "async", "Espruino has no async functions", "use then");
}

function checkClass(node: Loose, { of, parents }: Scopes, find: Find): void {
  if (isReadWhenSkipped(node, parents))
    find(
      node,
      "class-skipped",
      "Espruino cannot read past a class in code that it skips",
      "put it into a block or function",
    );
  const base = node.superClass as Loose | null;
  if (node.type === "ClassExpression" && node.id)
    find(node, "class-name", "Espruino does not bind the name of a class expression", "leave the name out");
  if (base && base.type !== "Identifier")
    find(base, "extends", "Espruino extends only a plain name", "name the base class first");
  else if (base) {
    const declared = of.get(base as unknown as Identifier);
    if (!declared && BUILT_IN.test(base.name as string))
      find(base, "extends-builtin", `Espruino cannot extend ${base.name as string}`, "keep one in a property");
    if (declared?.kind === "function")
      find(base, "extends-function", "Espruino would not call this function", "make it a class");
  }
  for (const member of (node.body as Loose).body as Loose[]) {
    if (member.type !== "MethodDefinition") continue;
    const key = member.key as Loose;
    if (member.computed || (key.type !== "Identifier" && key.type !== "PrivateIdentifier"))
      find(member, "member-name", "Espruino's class members need a plain name", "rename the member");
    else if (RESERVED.has(key.name as string))
      find(member, "reserved-member", `Espruino reserves the word ${key.name as string}`, "rename the member");
  }
}

/** True outside of braces in a branch: code there is read token by token when it is not run. */
function isReadWhenSkipped(node: Node, parents: Scopes["parents"]): boolean {
  let at = node;
  for (let parent = parents.get(at) as Loose | undefined; parent; parent = parents.get(at) as Loose | undefined) {
    if (parent.type === "BlockStatement") return false;
    if (parent.type === "SwitchCase" || (parent.type === "ArrowFunctionExpression" && parent.body === at)) return true;
    if (parent.type === "LogicalExpression" && parent.right === at) return true;
    if (/^(If|Conditional)/.test(parent.type) && parent.test !== at) return true;
    if (/^(For|While|DoWhile)/.test(parent.type) && parent.body === at) return true;
    at = parent;
  }
  return false;
}

function classVariable(node: Loose, scopes: Scopes): Declared | undefined {
  const parent = scopes.parents.get(node) as Loose | undefined;
  const id = node.type === "ClassDeclaration" ? node.id : parent?.type === "VariableDeclarator" ? parent.id : undefined;
  const name = (id as Loose | undefined)?.name as string | undefined;
  const at = node.type === "ClassDeclaration" ? node : parent;
  for (const scope of scopes.all) {
    const declared = name === undefined ? undefined : scope.names.get(name);
    if (declared && at && declared.declarations.includes(at)) return declared;
  }
  return undefined;
}

/** Static members are not inherited, and `super.m()` starts over at the object's own class. */
function checkInheritance(classes: ReadonlyMap<Declared, Loose>, scopes: Scopes, find: Find): void {
  const baseOf = (declared: Declared): Declared | undefined => {
    const base = classes.get(declared)?.superClass as Identifier | null | undefined;
    return base ? scopes.of.get(base) : undefined;
  };
  const assigned = (declared: Declared): string[] =>
    declared.references.flatMap((reference) => {
      const member = scopes.parents.get(reference) as Loose | undefined;
      const parent = member && (scopes.parents.get(member) as Loose | undefined);
      const isSet = parent?.type === "AssignmentExpression" && parent.left === member && member?.object === reference;
      return isSet ? [(member.property as Loose).name as string] : [];
    });
  const statics = (declared: Declared): Set<string> => {
    const members = ((classes.get(declared) as Loose).body as Loose).body as Loose[];
    const own = members.filter((member) => member.static).map((member) => (member.key as Loose).name as string);
    return new Set([...own, ...assigned(declared)]);
  };
  const inherited = (declared: Declared, name: string): boolean => {
    if (statics(declared).has(name)) return false;
    for (let base = baseOf(declared); base && classes.has(base); base = baseOf(base))
      if (statics(base).has(name)) return true;
    return false;
  };
  for (const [declared, node] of classes) {
    const check = (member: Loose | undefined, object: Node): void => {
      if (member?.type !== "MemberExpression" || member.object !== object || member.computed) return;
      const name = (member.property as Loose).name as string;
      if (inherited(declared, name))
        find(
          member,
          "static-inheritance",
          `Espruino does not inherit the static member ${name}`,
          "name the class that has it",
        );
    };
    for (const reference of declared.references) check(scopes.parents.get(reference) as Loose, reference);
    const hasSubclass = [...classes.keys()].some((other) => baseOf(other) === declared);
    const walk = (inner: Node, isStatic: boolean): void => {
      if (inner.type === "ThisExpression" && isStatic) check(scopes.parents.get(inner) as Loose, inner);
      if (inner.type === "Super" && hasSubclass && scopes.parents.get(inner)?.type === "MemberExpression")
        find(
          inner,
          "super-method",
          "in a subclass of this one, Espruino would call this method for ever",
          "name the base class",
        );
      for (const child of childrenOf(inner))
        walk(child, isStatic || (inner.type === "MethodDefinition" && (inner as Loose).static === true));
    };
    walk(node, false);
  }
}

function checkDeclared(declared: Declared, scopes: Scopes, find: Find): void {
  const first = declared.declarations[0] as Node;
  if (RESERVED.has(declared.name))
    find(first, "reserved-name", `Espruino reserves the word ${declared.name}`, "rename the variable");
  const loop = declared.scope.node;
  if (!/^For(In|Of)?Statement$/.test(loop.type) || declared.kind === "var") return;
  const isCaptured = declared.references.some((reference) => {
    let at: Node | undefined = reference;
    while (at && at !== loop && !isFunction(at)) at = scopes.parents.get(at);
    return at !== loop;
  });
  if (isCaptured)
    find(
      first,
      "loop-closure",
      `closures share one ${declared.name} for all rounds on Espruino`,
      "copy it to a variable in the body",
    );
}
