/** Small firmware programs: what they print must be the same before and after lowering, in V8 and on the interpreter. */

const WAIT = "const wait = <T>(value: T, ms = 1) => new Promise<T>((done) => setTimeout(() => done(value), ms));\n";
const FAIL =
  "const fail = (text: string) => new Promise<never>((_, no) => setTimeout(() => no(new Error(text)), 1));\n";

const plain: Record<string, string> = {
  "destructured objects, arrays, defaults and rests": `
    const { a, b: { c, d = 4 }, ...others } = { a: 1, b: { c: 2 } as { c: number; d?: number }, e: 5, f: 6 };
    const [x, , y = 9, ...tail] = [1, 2, undefined, 4, 5];
    let p = 1, q = 2;
    [p, q] = [q, p];
    print(a, c, d, JSON.stringify(others), x, y, tail.join(), p, q);`,
  "destructured parameters": `
    const f = ({ a, b = 2 }: { a: number; b?: number }, [c, d]: number[] = [3, 4]) => [a, b, c, d].join();
    print(f({ a: 1 }), f({ a: 1, b: 5 }, [6, 7]));`,
  "default and rest parameters": `
    function f(a: number, b = a + 1, ...more: number[]) { return a + b + more.length; }
    const g = (first: string, ...rest: string[]) => first + rest.join("-");
    print(f(1), f(1, 5), f(1, 5, 6, 7), g("a"), g("a", "b", "c"));`,
  "spread in calls, arrays and objects": `
    const list = [3, 1, 2];
    const more = { ...{ a: 1, b: 2 }, b: 3, ...{ c: 4 } };
    print(Math.max(...list), [0, ...list, 9].join(), JSON.stringify(more), [...list].sort().join(), list.join());`,
  "optional chaining and nullish operators": `
    interface N { next?: N; value?: number; call?: () => number }
    const n: N = { next: { value: 0, call: () => 7 } };
    let v: number | undefined;
    v ??= 3;
    let w = 0;
    w ||= 4;
    let z = 1;
    z &&= 5;
    const o: { k?: number } = {};
    o.k ??= 6;
    print(n.next?.value ?? "none", n.next?.next?.value ?? "none", n.call?.() ?? "no call", n.next?.call?.(), v, w, z, o.k);`,
  "texts after blocks that are skipped": `
    const kind = (value: unknown, fails: boolean) => {
      try { if (fails) throw new Error("x"); } catch (e) { print("caught"); }
      "number" === typeof value ? print("number") : print("other");
      if (fails) { print("fails"); print("twice"); }
      "ab".includes(String(value)) && print("ab", value);
      if (fails) { print("fails"); print("again"); } else { print("fine"); print("enough"); }
      \`\${value}\` === "a" && print("a");
    };
    kind(1, false); kind("a", true); kind("a", false);`,
  exponents: `let x = 2; x **= 3; print(x, 2 ** 10, (-2) ** 2);`,
  "closures in loops": `
    const fs: (() => string)[] = [];
    for (let i = 0; i < 3; i++) fs.push(() => "i" + i);
    for (const x of ["a", "b"]) { const y = x + x; fs.push(() => x + y); }
    for (const key in { k: 1, l: 2 }) fs.push(() => key);
    for (let i = 0, j = 5; i < 2; i++, j--) { if (i === 9) continue; fs.push(() => i + ":" + j); }
    let n = 0;
    while (n < 2) { const m = n++; fs.push(() => "m" + m); }
    print(fs.map((f) => f()).join(" "));`,
  "functions used before they are declared": `
    print(even(10), odd(7));
    function even(n: number): boolean { return n === 0 || odd(n - 1); }
    function odd(n: number): boolean { return n !== 0 && even(n - 1); }
    { print(inner()); function inner() { return "inner"; } }`,
  "var in branches and before its line": `
    function f(flag: boolean) { if (flag) { var x = 1; } return x === undefined ? "none" : "x" + x; }
    function g() { early = 3; var early: number; return early; }
    function h() { for (var i = 0; i < 3; i++) { var last = i; } return i + last!; }
    function k() { const read = () => late; const before = read(); var late = 5; return String(before) + read(); }
    print(f(false), f(true), g(), h(), k(), typeof (global as any).early);`,
  "switch with default in the middle": `
    const name = (n: number) => { switch (n) { case 1: return "one"; default: return "many"; case 2: return "two"; } };
    let log = "";
    for (const n of [1, 2, 3]) switch (n) { case 1: log += "a"; break; default: log += "d"; break; case 3: log += "c"; }
    print(name(1), name(2), name(3), log);`,
  "computed keys": `
    const key = "k";
    const o: Record<string, unknown> = { a: 1, [key]: 2, ["x" + 1]: 3, b: 4, [key + 2]() { return 5; } };
    print(JSON.stringify(o), (o.k2 as () => number)());`,
  "classes with fields, private names and accessors": `
    class Counter {
      static made = 0;
      readonly step: number = 2;
      #count = 1;
      total = this.#count + this.step;
      add = (n: number) => { this.#count += n * this.step; return this; };
      constructor(readonly name: string) { Counter.made++; }
      get count() { return this.#count; }
      set count(n: number) { this.#count = n; }
      #secret() { return "s" + this.#count; }
      reveal() { return this.#secret(); }
      static create(name: string) { return new Counter(name); }
    }
    const c = Counter.create("x").add(3);
    const { add } = c;
    add(1);
    const seen = c.count;
    c.count = 20;
    print(seen, c.count, c.total, c.reveal(), c.name, Counter.made);`,
  "three levels of super": `
    class A { v = 1; f(x: number): string { return "A" + x + this.v; } static s() { return "sA"; } }
    class B extends A { w = this.v + 1; f(x: number) { return "B" + super.f(x + 1); } static s() { return super.s() + "B"; } }
    class C extends B { constructor(readonly z: number) { super(); } f(x: number) { return "C" + [1].map(() => super.f(x + this.z))[0]; } }
    class D extends C {}
    const d = new D(5);
    print(d.f(1), d.w, d instanceof A, d instanceof D, new B() instanceof C, B.s());`,
  "derived classes without a constructor": `
    class A { constructor(readonly a: number, readonly b = 7) {} }
    class B extends A { sum = this.a + this.b; }
    print(new B(1).sum, new B(1, 2).sum);`,
  "class expressions that name themselves": `
    const P = class Q { static n = 0; make() { Q.n++; return new Q(); } };
    print(new P().make().make() instanceof P, P.n);`,
  "classes in code that may be skipped": `
    const make = (n: number) => class { value() { return n; } };
    const pick = (flag: boolean) => { const K = flag ? class { v() { return "a"; } } : class { v() { return "b"; } }; return new K().v(); };
    const choose = (n: number) => { switch (n) { case 0: class A { v() { return "A"; } } return new A().v(); default: return "none"; } };
    let L: any = 0;
    if (typeof getTime === "symbol") L = class { v() { return 1; } };
    print(new (make(3))().value(), pick(true), pick(false), choose(0), choose(1), L && class { v() {} });`,
  "enums, namespaces and generics": `
    enum Level { Low, High = 5, Next }
    namespace Tools { export const twice = (n: number) => n * 2; }
    const first = <T,>(list: T[]): T | undefined => list[0];
    print(Level.High, Level[0]!, Level.Next, Tools.twice(4), first(["z"])!);`,
  "arguments in arrows": `
    function f(..._: number[]) { const g = () => arguments.length + (arguments[0] as number); return g(); }
    print(f(4, 5, 6));`,
  "regular expressions": `
    const [, number, text] = /(\\d+),"([^"]*)"/.exec('+X: 12,"ab c",34')!;
    print(number!, text!, /a.b/.test("a\\nb"), /a.+/.test("a"), /^\\S+$/.test(""), "a1b2".replace(/\\d/g, "#"), /a[/"]b/.test("a/b"), "a/b".split(/[/]/).join("|"));`,
  "try, catch and finally": `
    function f(n: number) {
      const log: string[] = [];
      for (let i = 0; i < n; i++)
        try { if (i === 1) continue; if (i === 3) break; log.push("t" + i); throw new Error("e" + i); }
        catch ({ message }: any) { log.push(message); }
        finally { log.push("f" + i); }
      return log.join();
    }
    print(f(5));`,
  "the in operator in the head of a for": `
    const o: Record<string, number> = { a: 1 };
    const seen: string[] = [];
    for (let has = ("a" in o), n = 0; n < 2; n++) seen.push(has + ":" + n);
    print(seen.join());`,
  "holes in lists": `const list = [1, , 3]; print(list.length, list[1], [, 1].length);`,
  "an empty do": `let i = 0; do {} while (i++ < 3); print(i);`,
  "bytes in strings": `const s = "\\xe9\\xff"; print(s.length, s.charCodeAt(0), \`\${s.length}\` + '"');`,
  "getters and setters in literals": `
    const o = { _v: 1, get v() { return this._v; }, set v(n: number) { this._v = n * 2; } };
    o.v = 4;
    print(o.v);`,
  "swapped and nested defaults in loops": `
    const rows = [{ id: 1, tags: ["a"] }, { id: 2 }] as { id: number; tags?: string[] }[];
    for (const { id, tags: [first = "none"] = [] } of rows) print(id, first);
    for (const [key, value] of Object.entries({ x: 1, y: 2 })) print(key, value);`,
};

const waiting: Record<string, string> = {
  "awaits in sequence and in expressions": `
    async function f(a: number) { const b = (await wait(a)) + (await wait(2)) * 3; return b + a; }
    const o = { n: 5, m(x: number, y: number) { return this.n + x + y; } };
    f(1).then(async (v) => print(v, o.m(await wait(1), await wait(2)), [await wait(1), 2, await wait(3)].join(), \`\${await wait("t")}!\`));`,
  "awaits in conditions": `
    const main = async () => {
      print((await wait(1)) > 2 ? await wait("yes") : "no", (await wait(0)) || (await wait("or")), (await wait(null)) ?? "null");
      if (await wait(false)) print("never"); else if ((await wait(2)) === 2) print("two");
      print((await wait(1)) && (await wait("and")), !(await wait(false)));
    };
    main();`,
  "awaits in loops": `
    async function main() {
      let log = "";
      for (let i = 0; i < 5; i++) { if (i === 1) continue; if (i === 4) break; log += await wait(i); }
      for (const x of await wait(["a", "b"])) log += x;
      for (const x of "cd") log += (await wait(x)) + ".";
      let n = 0;
      while ((await wait(n)) < 3) n++;
      do { n--; if (n === 1) continue; log += n; } while (await wait(n > 0));
      while (true) { if ((await wait(++n)) > 2) break; }
      print(log, n);
    }
    main();`,
  "closures kept by loops that await": `
    async function main() {
      const fs: (() => number | string)[] = [];
      for (const x of [1, 2, 3]) { await wait(0); fs.push(() => x); }
      for (let i = 0; i < 3; i++) { await wait(0); fs.push(() => i * 10); i += 0; }
      for (const x of [1, 2]) {
        let twice = 0;
        await wait(0);
        const f = (n: number): string | number => (n ? f(n - 1) : "f" + x + twice);
        twice = x * 2;
        fs.push(() => f(2), function () { return g() + x; });
        function g() { return "g" + twice; }
      }
      print(fs.map((f) => f()).join());
    }
    main();`,
  "try, catch and finally around awaits": `
    async function f(n: number) {
      try {
        if (n === 0) return await wait("zero");
        if (n === 1) await fail("one");
        if (n === 2) throw new Error("two");
        return "end";
      } catch (e: any) {
        if (n === 2) throw new Error("again " + e.message);
        return "caught " + (await wait(e.message));
      } finally {
        print("finally", await wait(n));
      }
    }
    async function main() {
      for (let n = 0; n < 4; n++) try { print(await f(n)); } catch ({ message }: any) { print(message); }
    }
    main();`,
  "leaving loops through finally": `
    async function main() {
      const log: (string | number)[] = [];
      for (let i = 0; i < 4; i++) {
        try { await wait(0); if (i === 1) continue; if (i === 3) break; log.push(i); } finally { await wait(0); log.push("f" + i); }
      }
      const g = async () => { for (;;) try { try { await wait(0); return "out"; } finally { log.push("inner"); } } finally { log.push(await wait("outer")); } };
      log.push(await g());
      print(log.join());
    }
    main();`,
  retries: `
    let left = 3;
    async function attempt() { await wait(0); if (left-- > 0) throw new Error("left " + left); return "done"; }
    async function main() {
      for (let tries = 1; ; tries++) try { return (await attempt()) + tries; } catch (e: any) { print(e.message); await wait(0, tries); }
    }
    main().then(print);`,
  "switch around awaits": `
    async function main() {
      for (const n of [1, 2, 3, 9]) {
        switch (await wait(n)) { case 1: print("one"); case 2: print("two"); await wait(0); break; case 3: continue; default: print("other"); }
        print("after", n);
      }
    }
    main();`,
  "async methods, arrows and this": `
    class Sensor {
      #scale = 2;
      constructor(private readonly id: string) {}
      async read(raw = 3) { return this.id + (await wait(raw)) * this.#scale; }
      later = async () => { await wait(0); return this.id; };
      static async open(id: string) { await wait(0); return new Sensor(id); }
    }
    class Loud extends Sensor { async read(raw?: number) { return (await super.read(raw)) + "!"; } }
    const literal = { k: 1, async m() { await wait(0); return this.k; } };
    async function main() {
      const s = await Sensor.open("a");
      print(await s.read(), await s.read(5), await s.later(), await new Loud("b").read(), await literal.m());
    }
    main();`,
  "promises all together and nested calls": `
    const three = async () => (await wait(1)) + 1;
    const two = async () => (await three()) + 1;
    const one = async () => (await two()) + 1;
    async function main() {
      const [a, b] = await Promise.all([one(), two()]);
      print(a, b, await Promise.resolve(5), await (6 as any), await { then: (done: (n: number) => void) => done(7) });
    }
    main();`,
  "errors before the first await and unawaited ones": `
    async function bad(): Promise<number> { throw new Error("bad"); }
    const late = async () => { await wait(0); (undefined as any).x; };
    bad().catch((e) => print(e.message));
    late().then(() => print("not here"), () => print("late"));
    (async () => { try { await bad(); } catch { print("caught"); } })();`,
  "arguments, defaults and destructuring in async functions": `
    async function f(this: unknown, { a, b = 2 }: { a: number; b?: number }, ...rest: number[]) {
      await wait(0);
      const { x, ...others } = { x: await wait(1), y: 2, [await wait("k")]: 3 };
      return [a, b, rest.length, arguments.length, x, JSON.stringify(others)].join(" ");
    }
    f({ a: 1 }, 5, 6).then(print);`,
  "unusual places of awaits": `
    async function main() {
      const o: any = { m: (a: number, b: number) => a + b, list: null, n: { x: 1 }, make: (n: number) => () => n };
      let next = 3;
      const take = async () => (next-- > 0 ? next : null);
      let got: number | null;
      const seen: unknown[] = [];
      while ((got = await take()) !== null) seen.push(got);
      for (let i = await wait(0); i < (await wait(3)); i += await wait(1)) seen.push("i" + i);
      for (const [key, value] of Object.entries(await wait({ k: 1, l: 2 }))) seen.push(key + (await wait(value)));
      o.list ??= await wait("filled");
      seen.push(o.list, o?.m(await wait(1), 2), o.none?.m(await wait(1)), (await wait(o.make))(4)(), new (await wait(Date))(5).getTime());
      delete (await wait(o.n)).x;
      seen.push("x" in o.n, typeof (await wait(1)), -(await wait(2)), (await wait(1), await wait(7)));
      seen.push(((await wait(true)) && !(await wait(false))) || (await wait("unused")), \`a\${await wait(1)}b\${\`\${await wait(2)}\`}\`);
      try { throw await wait("thrown"); } catch (e) { seen.push(e); }
      print(seen.join(" "));
    }
    main();`,
  "names that shadow each other across awaits": `
    const x = "module";
    async function main(y = x) {
      const log: string[] = [x, y];
      { const x = "block"; await wait(0); log.push(x); { const x = "inner"; await wait(0); log.push(x); } log.push(x); }
      if (await wait(true)) { let x = "if"; log.push(x); } else { let x = "else"; log.push(x); }
      for (const x of ["loop"]) { await wait(0); log.push(x); }
      try { await fail("caught"); } catch (x: any) { log.push(x.message); await wait(0); log.push(x.message); }
      switch (await wait(1)) { case 1: const x = "case"; await wait(0); log.push(x); }
      if (log.length) { var late = "var"; await wait(0); }
      log.push(late!, helper());
      function helper() { return "helper " + x; }
      print(log.join());
    }
    main();`,
  "async functions inside async functions": `
    class Box { constructor(readonly n: number) {} get twice() { return this.n * 2; } }
    async function main() {
      const jobs: Promise<string>[] = [];
      for (let i = 0; i < 3; i++) {
        await wait(0);
        const label = "job" + i;
        jobs.push((async () => { await wait(0); for (const part of ["a", "b"]) await wait(part); return label + i; })());
        class Local extends Box { get name() { return label + this.twice; } }
        jobs.push(wait(new Local(i).name));
        const o = { async m() { await wait(0); return label + "m"; }, plain() { return label; } };
        jobs.push(o.m(), wait(o.plain()));
      }
      print((await Promise.all(jobs)).join());
      const walk = async (n: number): Promise<number> => (n > 0 ? n + (await walk(n - 1)) : 0);
      print(await walk(4));
    }
    main();`,
  "what an async function throws and returns early": `
    async function early(n: number) {
      if (n < 1) return "early";
      for (const i of [1, 2, 3]) { if (i === n) return "at " + i; await wait(0); }
      do { if (n === 4) return "four"; if (n === 5) throw new Error("five"); n++; await wait(0); } while (n < 9);
      return "end";
    }
    async function main() {
      const out: string[] = [];
      for (const n of [0, 2, 4, 5, 6]) { try { out.push(await early(n)); } catch (e: any) { out.push(e.message); } }
      const deep = async () => { try { try { await fail("deep"); } finally { out.push("f1"); } } catch (e: any) { out.push(e.message); throw new Error("again"); } finally { out.push("f2"); } };
      await deep().catch((e) => out.push(e.message));
      const swallow = async () => { for (;;) { try { await fail("x"); } finally { await wait(0); break; } } return "swallowed"; };
      out.push(await swallow());
      const override = async () => { try { return await wait("try"); } finally { return await wait("finally"); } };
      out.push(await override());
      print(out.join());
    }
    main();`,
  "assignments around awaits": `
    async function main() {
      const o = { n: 1, list: [1, 2] };
      const bump = async (by: number) => { o.n += 10; return by; };
      o.n += await bump(5);
      o.list[await wait(1)] = await wait(9);
      let s = "a";
      s += await wait("b");
      const t = { p: await wait(1), ...(await wait({ q: 2 })) };
      print(o.n, o.list.join(), s, JSON.stringify(t), (await wait({ deep: { v: 3 } })).deep.v);
    }
    main();`,
};

export const programs: Readonly<Record<string, string>> = {
  ...plain,
  ...Object.fromEntries(Object.entries(waiting).map(([name, source]) => [name, WAIT + FAIL + source])),
};
