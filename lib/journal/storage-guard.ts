/**
 * Writes a file to Storage only where that cannot set off a compaction: while Espruino compacts, a power cut loses all
 * files, the firmware among them. Files are written once, on an erased Storage, and not replaced in the field.
 */
interface StorageLike {
  read(name: string): string | undefined;
  write(name: string, data: string): boolean;
  getStats(): { readonly freeBytes: number; readonly trashBytes: number };
}

const HEADER = 32;
const LONGEST_NAME = 28;

/** Writes and returns "", or writes nothing and returns the reason. The same content again is fine: nothing is written. */
export function writeOnce(storage: StorageLike, name: string, data: string): string {
  if (!data.length) return "a file cannot be empty";
  if (name.length > LONGEST_NAME)
    return `the name has ${name.length} characters; those after ${LONGEST_NAME} would be cut`;
  const old = storage.read(name);
  if (old === data) return "";
  if (old !== undefined)
    return "the file exists with other content: replacing it leaves trash that a later write compacts";
  const needed = HEADER + ((data.length + 3) & ~3);
  const stats = storage.getStats();
  if (needed <= stats.freeBytes) return storage.write(name, data) ? "" : "Storage refused";
  const why = stats.trashBytes ? "it would compact, and a power cut then loses every file" : "it does not fit";
  return `needs ${needed} bytes, ${stats.freeBytes} are free: ${why}`;
}
