import { describe, expect, test } from "vitest";
import { checkDialect } from "../../tools/build/dialect.ts";

const REFUSED: readonly (readonly [rule: string, code: string])[] = [
  ["destructuring", "var {a} = {a: 1}; print(a);"],
  ["destructuring", "var [a] = [1]; print(a);"],
  ["destructuring", "print((function ([a]) { return a })([1]));"],
  ["spread", "print(Math.max(...[1, 2]));"],
  ["spread", "print([...[1], 2]);"],
  ["spread", "print({...{a: 1}});"],
  ["spread", "function F() {} print(new F(...[1]));"],
  ["rest", "print((function (...r) { return r })(1));"],
  ["default-value", "print((function (a = 1) { return a })());"],
  ["optional-chaining", "var o = {}; print(o?.a);"],
  ["optional-chaining", "var f; f?.();"],
  ["logical-assignment", "var u; u ??= 1;"],
  ["logical-assignment", "var u; u ||= 1;"],
  ["logical-assignment", "var u; u &&= 1;"],
  ["exponent", "print(2 ** 3);"],
  ["async", "async function f() {}"],
  ["async", "var f = async () => 1;"],
  ["async", "var o = { async m() { return 1 } };"],
  ["async", "await print(1);"],
  ["async", "(async function () { for await (var x of []) print(x) })();"],
  ["generator", "function* g() {}"],
  ["generator", "function* g() { yield 1 }"],
  ["label", "a: for (;;) break a;"],
  ["loop-closure", "var f = []; for (let i = 0; i < 3; i++) f.push(() => i);"],
  ["loop-closure", "var f = []; for (const x of [1]) f.push(function () { return x });"],
  ["loop-closure", "var f = []; for (let k in {a: 1}) f.push(() => k);"],
  ["hoisting", "h(); function h() {}"],
  ["hoisting", "(function () { return h(); function h() {} })();"],
  ["hoisting", "if (E) { h(); function h() {} }"],
  ["hoisting", "var a = f(); function f() { return 1 }"],
  ["hoisting", "(function () { q = 5; var q; return q })();"],
  ["hoisting", "var a = b, b = 1;"],
  ["hoisting", "function f() { return x } f(); var x = 1;"],
  ["hoisting", "let a = (x = 1); var x;"],
  ["hoisting", "(function () { return typeof x; var x })();"],
  ["var-in-branch", "if (E) { var x = 1 } print(x);"],
  ["var-in-branch", "(function (c) { for (; c; c--) var y = c; return y })(3);"],
  ["var-in-branch", "try { var t = 1 } catch (e) { print(e) } print(t);"],
  ["var-in-branch", "switch (E) { case 1: var s = 1 } print(s);"],
  ["class-field", "class A { x = 1 } new A();"],
  ["class-field", "class A { f = () => this.x } new A();"],
  ["private-name", "class A { #x() { return 1 } } new A();"],
  ["static-block", "class A { static { print(1) } } new A();"],
  ["static-inheritance", "class A { static f() {} } class B extends A {} B.f();"],
  ["static-inheritance", "class A {} A.n = 1; class B extends A {} print(B.n);"],
  ["static-inheritance", "class A { static f() {} } class B extends A { static g() { return this.f() } } B.g();"],
  ["super-arrow", "class A { f() {} } class B extends A { f() { return () => super.f() } } new B();"],
  ["super-method", "class A { f() {} } class B extends A { f() { super.f() } } class C extends B {} new C().f();"],
  ["super-object", "var o = { m() { return super.m() } };"],
  ["reserved-member", "class A { delete() {} } new A();"],
  ["reserved-member", "class A { static of() {} } new A();"],
  ["reserved-member", "class A { get default() { return 1 } } new A();"],
  ["member-name", "class A { 'a b'() {} } new A();"],
  ["member-name", "var k = 'a'; class A { [k]() {} } new A();"],
  ["class-name", "var A = class B { m() { return new B() } }; new A();"],
  ["extends", "var n = { A: class {} }; class B extends n.A {} new B();"],
  ["extends-builtin", "class E2 extends Error {} new E2();"],
  ["extends-function", "function F() {} class G extends F {} new G();"],
  ["computed-key", "var k = 'a'; print({ [k]: 1 });"],
  ["class-skipped", "switch (1) { case 2: class A { m() {} } }"],
  ["class-skipped", "print((n) => class { m() { return n } });"],
  ["class-skipped", "print(E && class { m() {} });"],
  ["class-skipped", "print(E ? 1 : class { m() {} });"],
  ["class-skipped", "var A; if (E) A = class { m() {} };"],
  ["regex", "/a[/]b/.test('a/b');"],
  ["array-hole", "print([1, , 2]);"],
  ["empty-do", "var i = 0; do ; while (i++ < 3);"],
  ["case-after-default", "switch (E) { default: print(1); case 2: print(2) }"],
  ["in-for-init", "for (var i = 0, n = ('a' in E); i < 1; i++) print(n);"],
  ["return-newline", "(function () { return\n5 })();"],
  ["regex", "/a(?=b)/.test('ab');"],
  ["regex", "/a(?:b)/.test('ab');"],
  ["regex", "/(?<n>a)/.test('a');"],
  ["regex", "/a+?/.test('a');"],
  ["regex", "/ab?c/.test('ac');"],
  ["regex", "/a{2}/.test('aa');"],
  ["regex", "/\\bfoo/.test('foo');"],
  ["regex", "/(a)\\1/.test('aa');"],
  ["regex", "/^a/m.test('a');"],
  ["regex", "/(ab)+/.test('abab');"],
  ["regex", "/^(foo|bar)$/.test('bar');"],
  ["regex", "/((a)b)/.test('ab');"],
  ["regex", "/^foo|bar/.test('bar');"],
  ["bigint", "print(10n);"],
  ["tagged-template", "print`a`;"],
  ["meta-property", "function F() { return new.target } F();"],
  ["with", "with (E) print(1);"],
  ["dynamic-import", "import('x');"],
  ["assign-length", "var a = [1]; a.length = 0;"],
  ["assign-length", "var a = [1]; a.length--;"],
  ["builtin-prototype", "Array.prototype.slice.call([]);"],
  ["builtin-prototype", "print(String.prototype.trim);"],
  ["assign-builtin", "setTimeout = print;"],
  ["unknown-global", "new Map();"],
  ["unknown-global", "structuredClone({});"],
  ["unknown-global", "digitalWite(D4, 1);"],
  ["unknown-global", "leaked = 1;"],
  ["missing-builtin", "Math.trunc(1.5);"],
  ["missing-builtin", "Object.freeze({});"],
  ["missing-builtin", "Number.isInteger(1);"],
  ["missing-builtin", "Promise.race([]);"],
  ["missing-builtin", "Array.from('ab');"],
  ["missing-builtin", "String.raw('a');"],
  ["missing-builtin", "Date.UTC(2020, 1);"],
  ["missing-builtin", "Number.MAX_SAFE_INTEGER;"],
  ["missing-method", "[1, [2]].flat();"],
  ["missing-method", "[1].at(-1);"],
  ["missing-method", "Promise.resolve(1).finally(print);"],
  ["missing-method", "(1.5).toPrecision(3);"],
  ["json-callback", "JSON.stringify({}, ['a']);"],
  ["json-callback", "JSON.parse('1', print);"],
  ["split-limit", "'a,b'.split(',', 1);"],
  ["clear-undefined", "clearTimeout(undefined);"],
  ["arguments", "var f = () => arguments[0];"],
  ["reserved-name", "var of = 1;"],
  ["non-ascii", "print('\u00e9');"],
  ["wide-character", "print('\\u20ac');"],
  ["wide-character", "print(`\\u20ac`);"],
  ["syntax", "var = 1;"],
];

const ACCEPTED: readonly string[] = [
  "function a(n) { return n ? b(n - 1) : 0 } function b(n) { return a(n) } print(a(3));",
  "var x = 1; function f() { return x } print(f());",
  "function f() { return x } var x = 1; print(f());",
  "(function () { for (var i = 0; i < 3; i++) print(i); return i })();",
  "if (E) { var x = 1; print(x) }",
  "for (var k in {}) print(k); print(k);",
  "let f; { let x = 1; f = () => x++ } f();",
  "var f = []; for (let i = 0; i < 3; i++) { let j = i; f.push(() => j) }",
  "class A { constructor(x) { this.x = x } get y() { return this.x } static s() { return 1 } } class B extends A { f() { return super.f } } print(new B(1).y, A.s());",
  "class A { static f() { return 1 } } class B extends A { static f() { return A.f() } } print(B.f());",
  "switch (1) { case 2: { class A { m() {} } } }",
  "print(E && (function () { return class { m() {} } })());",
  "if (E) { class B { m() {} } new B() }",
  "/a[\\/]b\\//.test('a/b/');",
  "var o = { delete() { return 1 }, of: 2, get x() { return 3 }, 'a b': 4 }; print(o.delete(), o.of);",
  "var a = null ?? 1, s = `x${a}`; print(s);",
  "try { throw 1 } catch { print(2) } finally { print(3) }",
  "switch (1) { case 1: print(1); default: print(2) }",
  "for (var x of [1]) print(x); for (var k in { a: 1 }) print(k);",
  "do {} while (0);",
  "(function () { return; })();",
  "/^\\+CSQ: (\\d+),(\\d+)/gi.exec('');",
  "/foo|bar/.test('foo');",
  "if (ESP32.lightSleep) ESP32.lightSleep(5);",
  "print(typeof Wifi === 'undefined' ? 0 : 1);",
  "global.setTimeout = print;",
  "Array.prototype.last = function () { return this[this.length - 1] };",
  "print(Object.prototype.hasOwnProperty.call({}, 'a'));",
  "var q = { at(n) { return n } }; print(q.at(1));",
  "[].slice.call(new Uint8Array(3)); var Fn = Function.prototype; print(Fn);",
  "print('\\xe9', `\\xff`, D48, E.hwRand());",
  "(function () { return arguments.length })(1);",
];

describe("refuses", () => {
  test.each(REFUSED)("%s: %s", (rule, code) => {
    const findings = checkDialect(code);
    expect(findings.map((finding) => finding.rule)).toContain(rule);
    for (const { message, instead, position } of findings) {
      expect(message).not.toBe("");
      expect(instead).not.toBe("");
      expect(position?.line).toBeGreaterThan(0);
    }
  });
});

describe("accepts", () => {
  test.each(ACCEPTED)("%s", (code) => {
    expect(checkDialect(code)).toEqual([]);
  });
});

test("says what was probably meant", () => {
  expect(checkDialect("digitalWite(D4, 1);")[0]?.instead).toBe("did you mean digitalWrite?");
  expect(checkDialect("Math.flor(1);")[0]?.instead).toBe("did you mean Math.floor?");
});

test("takes further globals from the caller", () => {
  expect(checkDialect("Bangle.buzz();")).toHaveLength(1);
  expect(checkDialect("Bangle.buzz();", { globals: ["Bangle"] })).toEqual([]);
});

test("lists findings in the order of the text", () => {
  expect(checkDialect("print(1n);\nnew Map();\nleaked = 2 ** 3;").map(({ position }) => position?.line)).toEqual([
    1, 2, 3, 3,
  ]);
});
