/**
 * Built-ins of V8 that Espruino lacks, found by asking the interpreter (2v29) for each of V8's names. They are removed, so
 * that a script which uses one fails here as it does on the chip. Accessors of regular expressions stay: V8 needs them.
 */
const words = (text: string): string[] => text.trim().split(/\s+/);

export const absentGlobals = words(`
  Symbol AggregateError EvalError RangeError URIError Intl BigUint64Array BigInt64Array Map BigInt Set WeakMap WeakSet
  Proxy Reflect FinalizationRegistry WeakRef decodeURI encodeURI escape unescape SharedArrayBuffer Atomics WebAssembly
  Iterator`);

export const absentStatics: Readonly<Record<string, readonly string[]>> = {
  Object: words("getOwnPropertySymbols hasOwn is preventExtensions seal freeze isExtensible isFrozen isSealed groupBy"),
  Array: words("from of fromAsync"),
  String: words("fromCodePoint raw"),
  Number: words(`isFinite isInteger isNaN isSafeInteger parseFloat parseInt MAX_SAFE_INTEGER MIN_SAFE_INTEGER EPSILON`),
  Date: words("UTC"),
  ArrayBuffer: words("isView"),
  Math: words("acosh asinh atanh cbrt expm1 clz32 cosh fround hypot imul log1p log2 log10 sinh tanh trunc"),
};

export const absentMethods: Readonly<Record<string, readonly string[]>> = {
  Object: words("isPrototypeOf propertyIsEnumerable toLocaleString"),
  Array: words(`
    at copyWithin findLast findLastIndex lastIndexOf keys entries values flat flatMap reduceRight toLocaleString
    toReversed toSorted toSpliced with`),
  String: words(`
    anchor at big blink bold codePointAt fontcolor fontsize fixed isWellFormed italics link localeCompare matchAll
    normalize search small strike sub sup toWellFormed trimStart trimLeft trimEnd trimRight toLocaleLowerCase
    toLocaleUpperCase`),
  Number: words("toExponential toPrecision toLocaleString"),
  Date: words(`
    toDateString toTimeString toGMTString setUTCDate setUTCFullYear setUTCHours setUTCMilliseconds setUTCMinutes
    setUTCMonth setUTCSeconds getYear setYear toLocaleString toLocaleDateString toLocaleTimeString`),
  ArrayBuffer: words("slice maxByteLength resizable resize transfer transferToFixedLength detached"),
  DataView: words("getBigInt64 setBigInt64 getBigUint64 setBigUint64"),
};

export const absentTypedArrayMethods = words(`
  entries keys values at copyWithin findLast findLastIndex lastIndexOf reduceRight toLocaleString toReversed toSorted with`);

export const absentTypedArrayStatics = words("from of");
