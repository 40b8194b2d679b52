/** Rows, notices and states in a Postgres database: a commit is one transaction. */
import { withoutLogin } from "../url.ts";
import pg from "pg";
import { UserError } from "../../errors.ts";
import type { Store } from "../store.ts";
import { noticeValues, parseStates, readingValues, selectStates, statements, tables } from "./sql.ts";

/** Of this program: while one receiver holds it, no other writes to the same database. */
const ADVISORY_LOCK = 0x48494245;

/** @param url postgres://user:password@host:port/database */
export async function openPostgres(url: string): Promise<Store> {
  const client = new pg.Client({ connectionString: url, application_name: "hibernode receive" });
  const where = withoutLogin(url);
  try {
    await client.connect();
  } catch (error) {
    throw new UserError(`Postgres: ${(error as Error).message || String(error)}`, {
      where,
      fix: "give postgres://user:password@host:port/database of a server that runs",
    });
  }
  const { rows: locks } = await client.query<{ free: boolean }>("select pg_try_advisory_lock($1) as free", [
    ADVISORY_LOCK,
  ]);
  if (!locks[0]!.free) {
    await client.end();
    throw new UserError("another receiver writes to this database", { where, fix: "end it first" });
  }
  for (const table of tables) await client.query(table);
  const known = await client.query<{ device: string; state: string }>(selectStates);
  const sql = statements((n) => `$${n}`);
  return {
    known: parseStates(known.rows),
    async commit(commits) {
      await client.query("begin");
      try {
        for (const { device, rows, notices, state } of commits) {
          for (const row of rows) await client.query(sql.reading, readingValues(row));
          for (const notice of notices) await client.query(sql.notice, noticeValues(notice));
          if (state) await client.query(sql.state, [device, JSON.stringify(state)]);
        }
        await client.query("commit");
      } catch (error) {
        await client.query("rollback").catch(() => undefined);
        throw error;
      }
    },
    close: () => client.end(),
  };
}
