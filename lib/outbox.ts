/** What waits in the journal, as batches for the uplink: oldest first, released only when the broker has confirmed. */
import { DROPPED, encodeBatch, UNREADABLE } from "./encode/batch.ts";
import type { Journal } from "./journal/journal.ts";
import { segmentOf, SEGMENTS, takenAt, unpackColumns } from "./journal/reading.ts";
import { offsetOf, type Memory } from "./memory.ts";
import type { Now } from "./platform/ports.ts";

/** Readings per message: bounds the RAM of an uplink whatever the backlog. */
const BATCH = 96;

export interface Outbox {
  /** The next message, or "" when nothing waits. */
  next(): string;
  /** The broker has confirmed the message that `next` returned last. */
  confirmed(): void;
}

export function openOutbox(journal: Journal, memory: Memory, save: () => void, now: Now): Outbox {
  let end = 0;
  return {
    next() {
      const first = journal.first();
      let from = memory.released;
      const skipped: [number, number, number][] = [];
      if (from < first) {
        skipped.push([from, first - from, DROPPED]);
        from = first;
      }
      const times = new Uint32Array(BATCH);
      let values = new Int32Array(0);
      let schema = "";
      let segment = 0;
      let count = 0;
      for (end = from; end < journal.next() && count < BATCH; end++) {
        const payload = journal.read(end);
        if (!payload) {
          // a batch numbers its readings without gaps, so an unreadable one ends it
          if (count) break;
          skipped.push([end, 1, UNREADABLE]);
          from = end + 1;
          continue;
        }
        const layout = journal.schema(end);
        if (!count) {
          schema = layout;
          segment = segmentOf(payload);
          values = new Int32Array((BATCH * schema.length) / 2);
        } else if (layout !== schema || segmentOf(payload) !== segment) break;
        const width = schema.length / 2;
        times[count] = takenAt(payload);
        unpackColumns(payload, schema, values, count * width);
        count++;
      }
      if (!count && !skipped.length) return "";
      const offset = offsetOf(memory, segment, SEGMENTS);
      const codes: number[] = [];
      for (let i = 0; i < schema.length; i += 2) codes.push(schema.charCodeAt(i));
      return encodeBatch({
        journal: memory.id,
        seq: from,
        offset: offset === null ? undefined : offset,
        age: Math.floor(now()) - memory.syncedAt,
        times: new Uint32Array(times.buffer, 0, count),
        codes,
        values,
        skipped: skipped.length ? skipped : undefined,
      });
    },
    confirmed() {
      memory.released = end;
      save();
    },
  };
}
