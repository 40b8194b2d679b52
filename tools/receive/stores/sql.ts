/** The tables of a receiver's database, the same in SQLite and Postgres. */
import type { DeviceState, Notice, StoredRow } from "../store.ts";

export const tables = [
  `create table if not exists readings (
    device text not null, journal text not null, seq bigint not null, name text not null,
    value double precision, unit text not null, fault text,
    time text, raw_seconds bigint not null, received text not null,
    primary key (device, journal, seq, name))`,
  `create index if not exists readings_by_time on readings (device, name, time)`,
  `create table if not exists notices (device text not null, received text not null, kind text not null, text text not null)`,
  `create table if not exists receiver_state (device text primary key, state text not null)`,
];

export const selectStates = "select device, state from receiver_state";

/** Values in the order of the statement's parameters; `mark` writes the n-th parameter, from 1. */
export function statements(mark: (n: number) => string) {
  const marks = (count: number): string => Array.from({ length: count }, (_, i) => mark(i + 1)).join();
  return {
    reading: `insert into readings (device, journal, seq, name, value, unit, fault, time, raw_seconds, received) values (${marks(10)})`,
    notice: `insert into notices (device, received, kind, text) values (${marks(4)})`,
    state: `insert into receiver_state (device, state) values (${marks(2)}) on conflict (device) do update set state = excluded.state`,
  };
}

export const readingValues = (row: StoredRow): (string | number | null)[] => [
  row.device, row.journal, row.seq, row.name, row.value, row.unit, row.fault, row.time, row.rawSeconds, row.received,
]; // prettier-ignore

export const noticeValues = ({ device, received, kind, text }: Notice): string[] => [device, received, kind, text];

export function parseStates(rows: readonly { device: string; state: string }[]): Map<string, DeviceState> {
  return new Map(rows.map(({ device, state }) => [device, JSON.parse(state) as DeviceState]));
}
