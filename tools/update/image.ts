/** What a board that takes updates is flashed with: two slots in one file of Storage, and the loader (lib/update). */
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { PAGE } from "../../lib/journal/slots.ts";
import { FILE_BYTES, IMAGE_BYTES, imageAt, slotHead, SLOTS, SLOTS_AT } from "../../lib/update/layout.ts";
import { UserError } from "../errors.ts";
import { packageFolder } from "../package-folder.ts";
import { STORAGE_ADDRESS, type StorageFile } from "../flash/storage-image.ts";

/** The first firmware of a board. */
export interface First {
  readonly bundle: string;
  /** Default 1. */
  readonly version?: number;
  /** Id of the board. */
  readonly board: string;
}

const HEADER = 32;
/** Fills the page before the slots, so that their data starts with a page. */
const FILLER = "slots.before";

/** Whether a bundle has `updates()` in it: names of files stay as they are. */
export const takesUpdates = (bundle: string): boolean => bundle.includes(`"${SLOTS}"`);

/** Id of the board that a bundle was built for. @throws UserError when it names none, or takes no updates */
export function boardIdOf(bundle: string, where: string): string {
  if (!takesUpdates(bundle))
    throw new UserError("this version takes no updates: a node that runs it could never be changed again", {
      where,
      fix: "add updates(TOPIC) of hibernode/update/updates to `use` in its node()",
    });
  // the names of buses and ports that follow may be shortened
  const id = /\bid:"([^"]+)",[\w$]+:\{/.exec(bundle)?.[1];
  if (id !== undefined) return id;
  throw new UserError("the bundle names no board", { where, fix: "build it with `hibernode build`" });
}

/** Runs what the loader has chosen, at the top level. */
const RUN = "try{eval(loader.text)}catch(e){loader.failed(e)}";

/** The loader's text: built once a process. */
export function buildLoader(): Promise<string> {
  loader ??= import("../build/build.ts").then(async ({ buildFirmware }) => {
    const { bundle } = await buildFirmware({ entry: join(packageFolder, "lib/update/loader.ts"), typeCheck: false });
    return `(function(){${bundle}})();${RUN}`;
  });
  return loader;
}
let loader: Promise<string> | undefined;

/** What a run needs to start a bundle as the board does: with updates, the loader boots it out of its slot. */
export async function asFlashed(
  bundle: string,
  where: string,
): Promise<{ readonly bundle: string; readonly storageFiles?: Readonly<Record<string, string>> }> {
  if (!takesUpdates(bundle)) return { bundle };
  const files = slotFiles({ bundle, board: boardIdOf(bundle, where) });
  return {
    bundle: await buildLoader(),
    storageFiles: Object.fromEntries(files.map(({ name, data }) => [name, Buffer.from(data).toString("latin1")])),
  };
}

/** In this order, before any other file, and on an erased Storage. */
export function slotFiles({ bundle, version = 1, board }: First): StorageFile[] {
  const image = Buffer.from(bundle, "latin1");
  if (image.length > IMAGE_BYTES)
    throw new UserError(`the bundle has ${image.length} bytes, a slot for updates holds ${IMAGE_BYTES}`, {
      where: "the firmware",
      fix: "make it smaller, or leave updates() out",
    });
  const slots = Buffer.alloc(FILE_BYTES, 0xff);
  slots.set(image, imageAt(0));
  const head = slotHead((data) => crc32(typeof data === "string" ? Buffer.from(data, "latin1") : data), {
    size: image.length,
    crc: crc32(image),
    version,
    board: crc32(Buffer.from(board, "latin1")),
    number: 0,
  });
  slots.write(head, imageAt(0) + IMAGE_BYTES, "latin1");
  if (SLOTS_AT !== STORAGE_ADDRESS + PAGE) throw new Error("the slots do not follow the first page of Storage");
  return [
    { name: FILLER, data: Buffer.alloc(PAGE - 2 * HEADER, " ") },
    { name: SLOTS, data: slots },
  ];
}
