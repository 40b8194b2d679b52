/** Objects and JSON in the fast engine, as the interpreter has them: order of properties, and what it takes for JSON. */
import { expect, test } from "vitest";
import { rig } from "./rig.ts";

function result(code: string): string {
  const bench = rig(`print(${code})`);
  bench.until(1);
  return bench.printed().join();
}

test.each([
  ["a word, then numbers", "(function(o){o[2]=1;o.c=1;o[1]=1;return o})({b:1})", '{"b":1,"2":1,"c":1,"1":1}'],
  ["numbers downwards", "(function(o){for(var i=3;i;i--)o[i]=i;return o})({})", '{"3":3,"2":2,"1":1}'],
  ["one given again", "(function(o){o[5]=1;o.a=1;delete o[5];o[5]=2;return o})({})", '{"a":1,"5":2}'],
  ["in what a call returns", "(function(o){(function(){return o})()[9]=1;o[8]=2;return o})({})", '{"9":1,"8":2}'],
])("properties keep the order in which they were given: %s", (_, object, text) => {
  expect(result(`JSON.stringify(${object})`)).toBe(text);
  expect(result(`Object.keys(${object}).join()`)).toBe([...text.matchAll(/"(\w+)"/g)].map(([, name]) => name).join());
  expect(result(`(function(o,r){for(var k in o)r.push(k);return r.join()})(${object},[])`)).toBe(
    [...text.matchAll(/"(\w+)"/g)].map(([, name]) => name).join(),
  );
});

test.each([
  ["[1,]", "1"],
  ["{'a':0x1F, // c\n}", "[object Object]"],
  ['{"a":1,"a":2}', "[object Object]"],
  ["1 x", "1"],
  ["-a", "undefined"],
  ["017", "15"],
])("%j is JSON to the interpreter", (text, shown) => {
  expect(result(`""+JSON.parse(${JSON.stringify(text)})`)).toBe(shown);
});

test.each([
  ["", "SyntaxError: Expecting valid value, got EOF"],
  ["{a:1}", "SyntaxError: Got ID:a expected STRING"],
  ["[1 2]", "SyntaxError: Got INT expected ','"],
  ['{"abcdefghijklmnopqrstuvwxyz" 1}', "SyntaxError: Got INT expected ':'"],
  ['"\\u00g1"', "Error: Invalid escape sequence"],
])("%j is none, and the error says so in its words", (text, message) => {
  expect(result(`(function(){try{return JSON.parse(${JSON.stringify(text)})}catch(e){return e.toString()}})()`)).toBe(
    message,
  );
});
