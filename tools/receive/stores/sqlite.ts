/** Rows, notices and states in one SQLite file: a commit is one transaction. */
import { rmSync } from "node:fs";
import sqlite from "node-sqlite3-wasm";
import { UserError } from "../../errors.ts";
import type { Store } from "../store.ts";
import { lock } from "./lock.ts";
import { noticeValues, parseStates, readingValues, selectStates, statements, tables } from "./sql.ts";

export function openSqlite(file: string): Store {
  const held = lock(file);
  // the library's own lock outlives a killed process; ours has just shown that nobody is there
  rmSync(`${file}.lock`, { recursive: true, force: true });
  const database = new sqlite.Database(file);
  try {
    database.exec("pragma synchronous = full");
    for (const table of tables) database.exec(table);
  } catch (error) {
    database.close();
    held.release();
    throw new UserError(`no SQLite database: ${(error as Error).message}`, {
      where: file,
      fix: "give the name of a new file, or of one that a receiver wrote",
    });
  }
  const sql = statements(() => "?");
  const insert = {
    reading: database.prepare(sql.reading),
    notice: database.prepare(sql.notice),
    state: database.prepare(sql.state),
  };
  return {
    known: parseStates(database.all(selectStates) as { device: string; state: string }[]),
    commit(commits) {
      database.exec("begin immediate");
      try {
        for (const { device, rows, notices, state } of commits) {
          for (const row of rows) insert.reading.run(readingValues(row));
          for (const notice of notices) insert.notice.run(noticeValues(notice));
          if (state) insert.state.run([device, JSON.stringify(state)]);
        }
        database.exec("commit");
      } catch (error) {
        if (database.inTransaction) database.exec("rollback");
        throw error;
      }
    },
    close() {
      for (const statement of Object.values(insert)) statement.finalize();
      database.close();
      held.release();
    },
  };
}
