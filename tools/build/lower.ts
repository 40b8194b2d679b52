/**
 * JavaScript of 2022 becomes the dialect that Espruino runs: refuse what cannot be lowered, lower, minify, and repair
 * the order of declarations. Each stage keeps the source map to the author's file.
 */
import type { types } from "@babel/core";
import babel from "@babel/core";
import classProperties from "@babel/plugin-transform-class-properties";
import destructuring from "@babel/plugin-transform-destructuring";
import exponentiation from "@babel/plugin-transform-exponentiation-operator";
import logicalAssignment from "@babel/plugin-transform-logical-assignment-operators";
import objectRestSpread from "@babel/plugin-transform-object-rest-spread";
import optionalChaining from "@babel/plugin-transform-optional-chaining";
import parameters from "@babel/plugin-transform-parameters";
import spread from "@babel/plugin-transform-spread";
import { minify_sync } from "terser";
import { lowerAsync } from "./async.ts";
import { dropAbsentOptions } from "./absent-options.ts";
import { chain, type Code, PLAIN } from "./code.ts";
import type { Finding, SourceMap } from "./findings.ts";
import { locateIn, locateWith, refusal } from "./findings.ts";
import { dropBoard } from "./drop-board.ts";
import { finish } from "./finish.ts";
import { numberFlags } from "./flags.ts";
import { prepare } from "./prepare.ts";
import { refuseUnsupported, reporter } from "./refuse.ts";
import { keepScopesShallow, NO_INLINE } from "./scope-depth.ts";
import { sinkFunctions } from "./sink.ts";

const SYNTAX = [
  classProperties,
  parameters,
  destructuring,
  [objectRestSpread, { useBuiltIns: true }],
  spread,
  optionalChaining,
  exponentiation,
  logicalAssignment,
];

const ASSUMPTIONS = {
  constantSuper: true,
  ignoreFunctionLength: true,
  ignoreToPrimitiveHint: true,
  iterableIsArray: true,
  noDocumentAll: true,
  objectRestNoSymbols: true,
  pureGetters: true,
  setPublicClassFields: true,
  setSpreadProperties: true,
};

/**
 * The final text of one script. `map` belongs to `source` when that was generated already.
 * Throws a UserError that lists everything that cannot be lowered.
 */
export function lowerToEspruino(source: string, filename: string, { map }: { map?: SourceMap } = {}): Code {
  return finish(minify(lowerSyntax(source, filename, map)));
}

/** No syntax is left that Espruino does not parse, apart from what the minifier puts back. */
export function lowerSyntax(source: string, filename: string, map?: SourceMap): Code {
  const ast = babel.parseSync(source, {
    ...PLAIN,
    sourceType: "module",
    parserOpts: { plugins: ["decorators", "explicitResourceManagement"], errorRecovery: false },
  }) as types.File;
  const findings: Finding[] = [];
  const report = reporter(findings, map ? locateWith(map) : locateIn(filename, source));
  refuseUnsupported(ast, report);
  if (findings.length === 0) prepare(ast, report);
  if (findings.length > 0) throw refusal(findings);
  // Paths that the traversals above made do not know the file that the plugins ask for.
  babel.traverse.cache.clear();
  const lowered = babel.transformFromAstSync(ast, source, {
    ...PLAIN,
    plugins: SYNTAX,
    assumptions: ASSUMPTIONS,
    ast: true,
    code: false,
    cloneInputAst: false,
  });
  const tree = lowered?.ast as types.File;
  babel.traverse.cache.clear();
  babel.traverse(tree, dropBoard());
  // what one function leaves out, the functions that it calls go without as well
  for (let round = 0; round < 3; round++) {
    babel.traverse(tree, dropAbsentOptions());
    babel.traverse.cache.clear();
  }
  babel.traverse(tree, numberFlags());
  sinkFunctions(tree);
  babel.traverse.cache.clear();
  const result = babel.transformFromAstSync(tree, source, {
    ...PLAIN,
    plugins: [() => ({ visitor: lowerAsync(report) }), () => ({ visitor: keepScopesShallow() })],
    cloneInputAst: false,
    compact: false,
    shouldPrintComment: (text) => text === NO_INLINE,
    sourceMaps: true,
    sourceFileName: filename,
  });
  if (findings.length > 0) throw refusal(findings);
  const own = result?.map as SourceMap;
  return { code: result?.code ?? "", map: map ? chain(own, map) : own };
}

/** Names that the minifier must not give to a variable: they mean something to Espruino. */
const KEPT = ["E", "LED", "of", "get", "set", "static", ...Array.from({ length: 49 }, (_, pin) => `D${pin}`)];

/** Nor to a property: every object on Espruino has a method `on`, and `at` is refused since no array has one. */
const NOT_FOR_PROPERTIES = ["on", "at"];

/** Everything is mangled but public property names. @param privateProperties names that nobody else sees */
export function minify({ code, map }: Code, privateProperties = /^_/): Code {
  const result = minify_sync(
    { "bundle.js": code },
    {
      ecma: 5,
      toplevel: true,
      compress: { passes: 3, ecma: 5, unsafe_arrows: false, unsafe_proto: true, pure_getters: true, hoist_funs: true },
      mangle: {
        toplevel: true,
        reserved: KEPT,
        properties: { regex: privateProperties, keep_quoted: true, builtins: true, reserved: NOT_FOR_PROPERTIES },
      },
      format: { ascii_only: true, ecma: 5 },
      sourceMap: { asObject: true },
    },
  );
  return { code: result.code ?? "", map: chain(result.map as unknown as SourceMap, map) };
}
