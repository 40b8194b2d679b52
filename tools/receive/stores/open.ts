/** Which store a name means: a file by its ending, or the URL of a database. */
import { UserError } from "../../errors.ts";
import type { Store } from "../store.ts";

/** @param target FILE.ndjson, FILE.csv, FILE.sqlite, FILE.db or postgres://… */
export async function openStore(target: string): Promise<Store> {
  if (/^postgres(ql)?:\/\//.test(target)) return (await import("./postgres.ts")).openPostgres(target);
  const ending = /\.([a-z0-9]+)$/i.exec(target)?.[1]?.toLowerCase();
  if (ending === "sqlite" || ending === "db") return (await import("./sqlite.ts")).openSqlite(target);
  if (ending === "ndjson" || ending === "csv") return (await import("./lines.ts")).openLines(target, ending);
  throw new UserError("unknown kind of store", {
    where: `--out ${target}`,
    fix: "give FILE.ndjson, FILE.csv, FILE.sqlite, or postgres://user:password@host/database",
  });
}
