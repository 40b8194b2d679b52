/** Small random programs in modern syntax. Numbers stay multiples of a quarter below 2^20, so that all engines print them alike. */
import fc from "fast-check";

const numbers = ["a", "b", "c"];
const texts = ["s", "t"];
const lists = ["p", "q"];

const pick = (names: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...names);
const bounded = (code: string): string => `(${code})%65536`;

interface Grammar {
  number: string;
  text: string;
  list: string;
  test: string;
  statement: string;
  block: string;
}

const join =
  (make: (...parts: string[]) => string) =>
  (parts: readonly unknown[]): string =>
    make(...(parts as string[]));

export const { block: program } = fc.letrec<Grammar>((tie) => {
  const [n, s, l, c] = [tie("number"), tie("text"), tie("list"), tie("test")];
  const both = (operator: string): fc.Arbitrary<string> =>
    fc.tuple(n, n).map(join((x, y) => bounded(`${x}${operator}${y}`)));
  return {
    number: fc.oneof(
      { depthSize: "xsmall", withCrossShrink: true },
      fc.integer({ min: -40, max: 999 }).map((x) => (x < 0 ? `(${x})` : String(x))),
      fc.integer({ min: 0, max: 99 }).map((x) => String(x / 4)),
      pick(numbers),
      both("+"),
      both("-"),
      both("*"),
      fc.tuple(n, n).map(join((x, y) => `((${x}|0)%((${y}|0)||7))`)),
      fc.tuple(n, fc.constantFrom("&", "|", "^"), n).map(join((x, o, y) => `(${x}${o}${y})`)),
      fc.tuple(n, fc.constantFrom("<<", ">>", ">>>")).map(join((x, o) => `((${x}${o}3)&65535)`)),
      fc.tuple(c, n, n).map(join((t, x, y) => `(${t}?${x}:${y})`)),
      s.map((x) => `${x}.length`),
      fc.tuple(l, n).map(join((x, i) => `(${x}[(${i}|0)&3]??-1)`)),
      fc.tuple(n, n).map(join((x, y) => `add(${x},${y})`)),
      n.map((x) => `add(${x})`),
      fc.tuple(n, n).map(join((x, y) => `Math.max(...[${x},${y}])`)),
      fc.tuple(pick(numbers), n).map(join((x, y) => `(${x}=${bounded(y)})`)),
      fc.tuple(pick(numbers), fc.constantFrom("+=", "-="), n).map(join((x, o, y) => bounded(`${x}${o}${bounded(y)}`))),
      pick(numbers).map((x) => `bump(${x})`),
      n.map((x) => `(({v:k=5}={})=>k)({v:${x}})`),
      fc.constantFrom("(o?.x?.y??1)", "(o.none?.y??2)", "o.x.y"),
    ),
    text: fc.oneof(
      { depthSize: "xsmall", withCrossShrink: true },
      fc.constantFrom('"x"', '"hello"', '""', "'a,b;c'"),
      pick(texts),
      fc.tuple(s, s).map(join((x, y) => `(${x}+${y}).slice(-40)`)),
      fc.tuple(s, n).map(join((x, y) => `(${x}+${y}).slice(-40)`)),
      fc.tuple(n, s).map(join((x, y) => `\`\${${x}}-\${${y}}\`.slice(0,40)`)),
      s.map((x) => `${x}.toUpperCase()`),
      fc.tuple(s, n).map(join((x, y) => `${x}.substr((${y}|0)&3,4)`)),
      l.map((x) => `${x}.join("-")`),
      s.map((x) => `${x}.split("").reverse().join("")`),
      l.map((x) => `JSON.stringify(${x})`),
    ),
    list: fc.oneof(
      { depthSize: "xsmall", withCrossShrink: true },
      pick(lists),
      fc.tuple(n, n, n).map((x) => `[${x.join()}]`),
      fc.tuple(l, n).map(join((x, y) => `[...${x}.slice(0,3),${y}]`)),
      fc.tuple(l, n).map(join((x, y) => `${x}.map((v,i)=>${bounded(`v+i*${y}`)})`)),
      l.map((x) => `${x}.filter((v)=>v>3)`),
      l.map((x) => `${x}.slice().sort((x,y)=>x-y)`),
      fc.tuple(n, l).map(join((x, y) => `(([h=${x},...r])=>[...r,h])(${y})`)),
    ),
    test: fc.oneof(
      fc.tuple(n, fc.constantFrom("<", ">", "<=", "===", "!=="), n).map(join((x, o, y) => `(${x}${o}${y})`)),
      fc.tuple(s, fc.constantFrom("<", "==="), s).map(join((x, o, y) => `(${x}${o}${y})`)),
      fc.tuple(n, n).map(join((x, y) => `(${x}&&${y})`)),
    ),
    statement: fc.oneof(
      { depthSize: "xsmall", withCrossShrink: true },
      fc.tuple(pick(numbers), n).map(join((x, y) => `${x}=${bounded(y)};`)),
      fc.tuple(pick(texts), s).map(join((x, y) => `${x}=${y};`)),
      fc.tuple(pick(lists), l).map(join((x, y) => `${x}=${y}.slice(0,4);`)),
      fc.tuple(pick(numbers), n).map(join((x, y) => `${x}+=${bounded(y)};${x}%=65536;`)),
      fc.tuple(pick(texts), s).map(join((x, y) => `${x}+=${y};${x}=${x}.slice(-30);`)),
      fc.tuple(c, tie("block"), tie("block")).map(join((t, x, y) => `if(${t}){${x}}else{${y}}`)),
      tie("block").map((x) => `for(let i=0;i<3;i++){${x}later.push(()=>i);}`),
      fc.tuple(l, tie("block")).map(join((x, y) => `for(const v of ${x}.slice(0,3)){${y}a=${bounded("a+v")};}`)),
      tie("block").map((x) => `try{${x}if(a>500)throw new Error("e"+b);}catch(e){s=e.message}finally{c=(c+1)%65536;}`),
      fc.tuple(n, n).map(join((x, y) => `o.x={y:${x}};o["k"]??=${y};`)),
      fc.tuple(n, tie("block")).map(join((x, y) => `switch((${x}|0)&3){case 0:a=1;case 1:b=2;break;case 2:{${y}break}default:c=3}`)),
      fc.tuple(n, n).map(join((x, y) => `({x:{y:a},z:b=${x}}=mk(${y}));`)),
    ),
    block: fc.array(tie("statement"), { minLength: 1, maxLength: 3 }).map((all) => all.join("\n")),
  };
}); // prettier-ignore

/** The program with what it uses, and its results at the end. */
export const whole = (body: string): string => `
let a=3,b=10.25,c=0,s="st",t="",p=[1,2,3],q=[],o={x:{y:4}};
const later=[];
function add(x,y=a){return (x+y)%65536}
function bump(x){a=(a+1)%65536;s+="b";s=s.slice(-30);return x}
function mk(v){return {x:{y:v%65536}}}
${body}
out([a,b,c].join()+"|"+s+"|"+t+"|"+p.join()+"|"+q.join(";")+"|"+o.x.y+"|"+JSON.stringify(o)+"|"+later.slice(0,9).map((f)=>f()).join(""));
`;
