/**
 * TensorFlow Lite Micro's C code, as Espruino's builds for Linux contain it (`require("tensorflow")`): the judge of two
 * roundings. Not every build has it, and none for the ESP32.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../errors.ts";

const LIMIT_MS = 300_000;
/** micro_speech takes the most of those tried. */
const ARENA_BYTES = 30_000;

/** Outputs for each input, and milliseconds of one run by the interpreter's own clock. */
export interface MicroRun {
  readonly outputs: Int8Array[];
  readonly ms: number;
}

/** @param program an Espruino program with TensorFlow. Throws a UserError with its words when it refuses the model. */
export async function runOnTensorflowMicro(
  program: string,
  model: Uint8Array,
  inputs: readonly Int8Array[],
): Promise<MicroRun> {
  const folder = mkdtempSync(join(tmpdir(), "hibernode-"));
  try {
    writeFileSync(join(folder, "model"), model);
    writeFileSync(
      join(folder, "inputs"),
      Buffer.concat(inputs.map(({ buffer, byteOffset, length }) => Buffer.from(buffer, byteOffset, length))),
    );
    writeFileSync(join(folder, "run.js"), script(model.length, inputs));
    // at the end of its input the interpreter would read rubbish: the pipe stays open
    const child = spawn(program, ["run.js"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    let words = "";
    child.stdout.on("data", (chunk: Buffer) => (words += chunk.toString("latin1")));
    const limit = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
    await new Promise((done) => child.on("close", done).on("error", done));
    clearTimeout(limit);
    const ms = /DONE ([\d.]+)/.exec(words)?.[1];
    if (ms === undefined)
      throw new UserError(`TensorFlow in this interpreter cannot run the model: ${words.slice(-300).trim()}`, {
        where: program,
        fix: "name a build of Espruino for Linux with TensorFlow, or leave this comparison out",
      });
    const bytes = readFileSync(join(folder, "outputs"));
    const size = bytes.length / inputs.length;
    const outputs = inputs.map((_, index) =>
      Int8Array.from(bytes.subarray(index * size, (index + 1) * size), (byte) => (byte << 24) >> 24),
    );
    return { outputs, ms: Number(ms) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The model has to lie in one piece of memory: in Storage where the build maps it, else in an array. Inputs are read one by
 * one, so that they take no room.
 */
function script(modelBytes: number, inputs: readonly Int8Array[]): string {
  const length = inputs[0]!.length;
  return `
var file=E.openFile("model","r"),storage=require("Storage"),at=0,part,model;
storage.eraseAll();part=file.read(4096);storage.write("model",part,0,${modelBytes});
if(E.getAddressOf(storage.read("model"),true)){
at=part.length;while(at<${modelBytes}&&(part=file.read(4096))){storage.write("model",part,at);at+=part.length;}
model=storage.read("model");
}else{
model=new Uint8Array(${modelBytes});
while(part){model.set(E.toUint8Array(part),at);at+=part.length;part=at<${modelBytes}?file.read(4096):0;}
model=model.buffer;}
file.close();
var micro=require("tensorflow").create(${ARENA_BYTES},model);
var from=E.openFile("inputs","r"),to=E.openFile("outputs","w"),spent=0,began,i,x;
for(i=0;i<${inputs.length};i++){
micro.getInput().set(new Int8Array(E.toUint8Array(from.read(${length})).buffer));
began=getTime();micro.invoke();spent+=getTime()-began;
x=micro.getOutput();to.write(E.toString(new Uint8Array(x.map(v=>v&255))));}
to.close();print("DONE "+spent*1000/${inputs.length});
`;
}
