/**
 * `JSON.parse` as the interpreter has it: its own reader of JavaScript, which takes comments, single quotes, hexadecimal and a comma at the
 * end as well, stops behind the first value, and keeps the first of two properties of one name.
 */
import { assign } from "./key-order.ts";
import { parseDecimal } from "./numbers.ts";
import type { Intrinsics } from "./realm.ts";

const BLANK = /(?:[ \t\n\v\f\r]|\/\/[^\n\0]*(?:\n|$)|\/\*[^]*?\*\/)*/y;
const WORD = /[A-Za-z_$][\w$]*/y;
const NUMBER = /0[xXbBoO][\da-fA-F_]*|(?:\d[\d_]*\.?|\.\d)[\d_]*(?:[eE][+-]?[\d_]*)?/y;
const OPERATOR = />>>=|===|!==|>>>|<<=|>>=|==|!=|<=|<<|>=|>>|\+=|-=|\+\+|--|\*=|\/=|%=|&=|&&|\|=|\|\||\^=|=>|\?\?/y;
const REGEX = /\/(?:\\[^]|[^/\n\\])*(\/?)/y;
const RESERVED = new Set(
  (
    "if else do while for break continue function return var let const this throw try catch finally true false null undefined new in " +
    "instanceof switch case default delete typeof void debugger class extends super static of"
  ).split(" "),
);
/** Behind what a slash does not begin a regular expression. */
const ENDS_VALUE = /^(ID|INT|FLOAT|STRING|true|false|null|undefined|'[)\].]')$/;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", b: "\b", f: "\f", r: "\r", t: "\t", v: "\v" };
/** The reader's buffers for names of tokens. */
const GOT_CHARS = 29;
const VALUE_CHARS = 31;
/** A text that is no value, of which the interpreter says nothing. */
const NOTHING = Symbol("nothing");

interface Token {
  /** As errors call it. */
  readonly kind: string;
  readonly text: string;
}

export function parseJson(world: Intrinsics) {
  return (given: unknown): unknown => {
    try {
      return new Reader(String(given), world).value();
    } catch (error) {
      if (error === NOTHING) return undefined;
      throw error;
    }
  };
}

class Reader {
  private at = 0;
  private token: Token = { kind: "EOF", text: "" };

  constructor(
    private readonly source: string,
    private readonly world: Intrinsics,
  ) {
    this.next();
  }

  value(): unknown {
    const { kind, text } = this.token;
    switch (kind) {
      case "true":
      case "false":
      case "null":
        this.next();
        return kind === "null" ? null : kind === "true";
      case "'-'": {
        this.next();
        if (this.token.kind !== "INT" && this.token.kind !== "FLOAT") throw NOTHING;
        return 0 - (this.value() as number);
      }
      case "INT":
        this.next();
        return wholeNumber(text);
      case "FLOAT":
        this.next();
        return parseDecimal(text) ?? NaN;
      case "STRING":
        this.next();
        return text;
      case "'['":
        return this.list();
      case "'{'":
        return this.object();
      default:
        throw new this.world.SyntaxError(`Expecting valid value, got ${kind.slice(0, VALUE_CHARS)}`);
    }
  }

  private list(): unknown[] {
    const items = new this.world.Array<unknown>();
    this.next();
    while (this.token.kind !== "']'") {
      items.push(this.value());
      if (this.token.kind !== "']'") this.match("','");
    }
    this.next();
    return items;
  }

  private object(): object {
    const made = new this.world.Object() as Record<string, unknown>;
    this.next();
    while (/^(STRING|INT|ID)$/.test(this.token.kind) || RESERVED.has(this.token.kind)) {
      const name = this.token.text;
      this.match("STRING");
      this.match("':'");
      const value = this.value();
      if (this.token.kind !== "'}'") this.match("','");
      if (!Object.hasOwn(made, name)) assign(made, name, value);
    }
    this.match("'}'");
    return made;
  }

  private match(kind: string): void {
    if (this.token.kind !== kind) {
      const { kind: got, text } = this.token;
      const named = got === "ID" ? `ID:${text}` : got === "STRING" ? `String:'${text}'` : got;
      throw new this.world.SyntaxError(`Got ${named.slice(0, GOT_CHARS)} expected ${kind}`);
    }
    this.next();
  }

  private next(): void {
    const last = this.token.kind;
    this.take(BLANK);
    const c = this.source[this.at];
    if (c === undefined || c === "\0") return this.is("EOF", "");
    if (this.source.startsWith("/*", this.at)) return this.is("UNFINISHED COMMENT", "");
    if (/["'`]/.test(c)) return this.string(c);
    const word = this.take(WORD);
    if (word) return this.is(RESERVED.has(word[0]) ? word[0] : "ID", word[0]);
    const number = this.take(NUMBER);
    if (number) {
      const text = number[0].replaceAll("_", "");
      return this.is(/^0[xbo]/i.test(text) || !/[.eE]/.test(text) ? "INT" : "FLOAT", text);
    }
    if (c === "/" && !ENDS_VALUE.test(last)) return this.is(this.take(REGEX)![1] ? "REGEX" : "UNFINISHED REGEX", "");
    const operator = this.take(OPERATOR);
    if (operator) return this.is(operator[0], "");
    this.at++;
    const code = c.charCodeAt(0);
    this.is(code > 32 && code < 128 ? `'${c}'` : `?[${code}]`, "");
  }

  private string(quote: string): void {
    let text = "";
    let isTemplate = false;
    this.at++;
    for (;;) {
      const c = this.source[this.at];
      if (c === undefined || c === "\0" || (c === "\n" && quote !== "`"))
        return this.is(quote === "`" ? "UNFINISHED TEMPLATE LITERAL" : "UNFINISHED STRING", "");
      this.at++;
      if (c === quote) break;
      if (quote === "`" && c === "$" && this.source[this.at] === "{") isTemplate = true;
      text += c === "\\" ? this.escape() : c;
    }
    this.is(isTemplate ? "TEMPLATE LITERAL" : "STRING", text);
  }

  private escape(): string {
    const octal = this.take(/[0-7]{1,3}/y);
    if (octal) return byte(parseInt(octal[0], 8));
    const c = this.source[this.at++] ?? "";
    const count = c === "u" ? 4 : c === "x" ? 2 : 0;
    if (!count) return ESCAPES[c] ?? c;
    const digits = this.source.slice(this.at, this.at + count);
    if (!/^[\da-fA-F]+$/.test(digits) || digits.length < count) throw new this.world.Error("Invalid escape sequence");
    this.at += count;
    return byte(parseInt(digits, 16));
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source);
    if (!found) return undefined;
    this.at += found[0].length;
    return found;
  }

  private is(kind: string, text: string): void {
    this.token = { kind, text };
  }
}

/** A character is a byte. */
const byte = (code: number): string => String.fromCharCode(code & 255);

/** In 64 bits; a zero before it makes it octal, unless it has digits that octal numbers have not. */
function wholeNumber(text: string): number {
  const [, prefix = "", digits = ""] = /^(0[xXbBoO])?(.*)$/.exec(text)!;
  const radix = { x: 16, b: 2, o: 8 }[prefix.toLowerCase()[1]!] ?? (/^0[0-7]*$/.test(digits) ? 8 : 10);
  let value = 0n;
  for (const digit of digits) {
    const worth = parseInt(digit, radix);
    if (Number.isNaN(worth)) break;
    value = value * BigInt(radix) + BigInt(worth);
  }
  return Number(BigInt.asIntN(64, value));
}
