/**
 * What waits in the journal, as batches for the uplink: oldest first, released only when the broker has confirmed.
 * An alarm overtakes: when more waits than one batch holds, the readings from the alarm on leave first, and the
 * backlog then leaves them out. What a second alarm makes the node forget it sends twice: the receiver drops repeats.
 */
import { DROPPED, encodeBatch, UNREADABLE, type Batch } from "./encode/batch.ts";
import { ABSENT } from "./faults.ts";
import type { Journal, Skip } from "./journal/journal.ts";
import { SEGMENTS } from "./journal/reading.ts";
import { offsetOf, type Memory } from "./memory.ts";
import type { Now } from "./platform/ports.ts";
import type { Inlet } from "./uplink/mqtt.ts";

/** Readings per message: bounds the RAM of an uplink whatever the backlog. */
const BATCH = 96;

export interface Outbox {
  /** The next message, or "" when nothing waits. @param most readings in it, at most */
  next(most?: number): string;
  /** The broker has confirmed the message that `next` returned last. */
  confirmed(): void;
  /** What the session takes from the broker. */
  readonly inlet?: Inlet;
}

/** @param encode another form of the message, `senml(...)` for instance */
export function openOutbox(
  journal: Journal,
  memory: Memory,
  save: () => void,
  now: Now,
  encode?: (batch: Batch) => string,
): Outbox {
  /** The message in flight: the number after its last reading, and whether it overtakes. */
  let end = 0;
  let ahead = false;
  return {
    next(most) {
      let from = memory.released;
      let limit = journal.next();
      const alarm = memory.aheadFrom;
      ahead = false;
      if (from >= alarm) from = Math.max(from, memory.aheadEnd);
      else if (memory.aheadEnd > alarm) limit = alarm;
      else if (limit - from > BATCH) {
        ahead = true;
        from = alarm;
      }
      if (from >= limit) return "";
      // what surely holds the batch, and no more
      const room = Math.min(most || BATCH, limit - from);
      const skipped: Skip[] = [];
      let schema = "";
      let segment = 0;
      let count = 0;
      end = from;
      const skip = (until: number, reason: number) => {
        if (until > end) skipped.push([end, until - end, reason]);
        from = end = Math.max(end, until);
      };
      journal.each(
        from,
        (reading, oldest) => {
          const number = reading.number;
          if (!count) skip(Math.min(oldest, limit), DROPPED);
          // a batch numbers its readings without gaps, so unreadable ones end it
          if (number >= limit || count === room || (count && number > end)) return true;
          if (!count) {
            skip(number, UNREADABLE);
            schema = reading.schema;
            segment = reading.segment;
          } else if (reading.schema !== schema || reading.segment !== segment) return true;
          count++;
          end = number + 1;
          return;
        },
        skipped,
      );
      if (!count) skip(limit, UNREADABLE);
      let codes = "";
      for (let i = 0; i < schema.length; i += 2) codes += schema[i]!;
      return (encode || encodeBatch)({
        journal: memory.id,
        seq: from,
        offset: offsetOf(memory, segment, SEGMENTS) || 0,
        age: Math.floor(now()) - memory.syncedAt,
        count,
        codes,
        column(index) {
          // what cannot be read again must not become a number
          const cells = new Int32Array(count).fill(ABSENT);
          journal.each(from, (reading) => {
            const i = reading.number - from;
            if (i >= count) return true;
            cells[i] = index ? reading.columns[index - 1]! : reading.at;
            return;
          });
          return cells;
        },
        skipped,
      });
    },
    confirmed() {
      if (ahead) memory.aheadEnd = end;
      else memory.released = end;
      save();
    },
  };
}
