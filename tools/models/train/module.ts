/** A trained model as the module that a firmware imports: its bytes in a text, how to open it, and what its outputs mean. */
import { kinds, type Plan } from "../steps.ts";
import { writeBlob } from "../blob.ts";
import { forestTable, type TrainedForest } from "./forest.ts";
import { linearTable, type TrainedLinear } from "./linear.ts";
import type { TrainedNetwork } from "./network.ts";

export type AnyTrained = TrainedLinear | TrainedForest | TrainedNetwork;

export interface ModelModule {
  readonly bytes: Uint8Array;
  /** TypeScript. */
  readonly text: string;
}

/** @param about one sentence on what it is and where it comes from @param exports further lines */
export function modelModule(model: AnyTrained, about: string, exports: readonly string[]): ModelModule {
  const { bytes, imports, open } = form(model);
  const text = Buffer.from(bytes).toString("base64");
  return {
    bytes,
    text: `/** ${about} */\n${imports}\n\nexport const open = () =>\n  ${open(text)};\n\n${exports.join("\n")}\n`,
  };
}

interface Form {
  readonly bytes: Uint8Array;
  readonly imports: string;
  open(text: string): string;
}

function form(model: AnyTrained): Form {
  const simple = (bytes: Uint8Array, file: string, name: string): Form => ({
    bytes,
    imports: `import { ${name} } from "hibernode/classify/${file}";`,
    open: (text) => `${name}(\n    atob(\n      "${text}",\n    ),\n  )`,
  });
  if (model.kind === "linear") return simple(linearTable(model), "linear", "openLinear");
  if (model.kind === "forest") return simple(forestTable(model), "forest", "openForest");
  const { plan } = model;
  const used = operatorsOf(plan);
  return {
    bytes: writeBlob(plan, "network").bytes,
    imports: `import { embeddedNetwork } from "hibernode/classify/network";\nimport { ${used.join(", ")} } from "hibernode/classify/operators";`,
    open: (text) => `embeddedNetwork(\n    atob(\n      "${text}",\n    ),\n    { ${used.map((kind) => `${kinds[kind]}: ${kind}`).join(", ")} },\n  )`, // prettier-ignore
  };
}

const operatorsOf = ({ steps }: Plan) =>
  [...new Set(steps.map(({ kind }) => kind))].sort((a, b) => kinds[a] - kinds[b]);
