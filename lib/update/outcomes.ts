/** What became of an update: codes on the wire, words for people. Never renumber, only add. */
export const RUNS = 0;
export const BEGUN = 1;
export const WRONG_BOARD = 2;
export const OLDER = 3;
export const TOO_LARGE = 4;
export const WRONG_BASE = 5;
export const POSTPONED = 6;
export const DAMAGED = 7;
export const STUCK = 8;
export const FLASH_REFUSED = 9;
export const CRASHED = 10;
export const SILENT = 11;
export const ROTTEN = 12;

/** Short name and meaning by code. Only tools read this: no bundle contains it. */
export const outcomeWords: Readonly<Record<number, readonly [name: string, meaning: string]>> = {
  [RUNS]: ["runs", "the version runs, and has reported"],
  [BEGUN]: ["begun", "the update is being fetched"],
  [WRONG_BOARD]: ["wrong-board", "the update was made for another board"],
  [OLDER]: ["older", "an older version, without the permission to go back"],
  [TOO_LARGE]: ["too-large", "the bundle does not fit into a slot"],
  [WRONG_BASE]: ["wrong-base", "the update was made against another version than the one that runs"],
  [POSTPONED]: ["postponed", "the battery does not allow the update now: it is looked at again at every report"],
  [DAMAGED]: ["damaged", "what was put together has another SHA-256 than the update says"],
  [STUCK]: ["stuck", "pieces are missing at the broker, or damaged"],
  [FLASH_REFUSED]: ["flash-refused", "the flash did not take what was written"],
  [CRASHED]: ["crashed", "the new version restarted again and again: the one before runs again"],
  [SILENT]: ["silent", "the new version never reported: the one before runs again"],
  [ROTTEN]: ["rotten", "the flash lost the version that ran: the one before runs again"],
};
