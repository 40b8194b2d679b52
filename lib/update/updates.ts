/**
 * Updates over the air: an extension of `node()`. The broker holds, retained, what is signed about the update (manifest.ts)
 * and its pieces, each on a topic of its own: to subscribe to a topic is to ask for that piece. What has arrived is
 * found by the checksums of the blocks in flash, so a download goes on wherever it was left.
 *
 *   report ─► manifest ─► fits? ─► other slot erased ─► pieces ─► SHA-256 ─► head ─► on trial ─► boot
 */
import { array, int } from "../encode/cbor.ts";
import type { Settings } from "../modems/modem.ts";
import type { Outbox } from "../outbox.ts";
import { PAGE } from "../journal/slots.ts";
import { deepSleep, now, openCrypto, openFlash, storedPart } from "../platform/espruino.ts";
import type { CryptoPort, FlashPort } from "../platform/ports.ts";
import { seconds, type Duration, type Job } from "../schedule/every.ts";
import { RESET, type Extension } from "../schedule/extensions.ts";
import { openMac0 } from "../seal/cose.ts";
import { keyIdOf, keyOf } from "../seal/seal.ts";
import type { Inlet } from "../uplink/mqtt.ts";
import { packet, PUBLISH, puback, SUBACK, text, u16, u16At } from "../uplink/packets.ts";
import { BLOCK, unpack } from "./blocks.ts";
import * as at from "./layout.ts";
import { PIECE_HEAD, readManifest, updateKey, type Manifest } from "./manifest.ts";
import * as outcome from "./outcomes.ts";

/** Of our subscriptions; the session's own packets count up from 2. */
const SUBSCRIPTION = 0xffff;
/** Pieces asked for at once: as many as a modem holds for us. */
const WINDOW = 4;
/** Longest wait for a piece, and for the manifest after SUBACK. */
const PIECE_MS = 30000;
const LINGER_MS = 500;
/** Sessions in a row that brought nothing before the update is given up. */
const SESSIONS = 6;
/** Resets in a trial: the supply may fail in it as well. */
const TRIAL_RESETS = 3;

export interface UpdateOptions<R> {
  /** Boots within which a new version must have reported. Default 96: a day of quarter hours. */
  readonly boots?: number;
  /** From then on in a wake nothing more is asked for. Default 90 s; a wake has 3 minutes. */
  readonly awake?: Duration;
  /** Another extension, or `all` of them. */
  readonly use?: Extension<R>;
}

/** Needs the loader (`hibernode flash` writes it) and a key in the settings. @param topic `{id}` stands for the device's id */
export function updates<R>(topic: string, options: UpdateOptions<R> = {}): Extension<R> {
  return (host, others) => {
    const inner = options.use ? options.use(host, others) : {};
    const flash = openFlash();
    const crypto = openCrypto();
    // started without the loader, or on a chip that cannot verify
    if (!crypto || !storedPart(at.SLOTS, 0, 4)) return inner;
    const store = at.openControl(flash, false);
    const control = store.load() || [];
    const active = control[at.ACTIVE] || 0;
    // of this wake: what is being prepared meanwhile proves nothing
    const onTrial = !!control[at.TRIAL];
    const running = onTrial ? 1 - active : active;
    const own = at.slotOf(flash, running);
    if (!own) return inner;
    const target = 1 - running;
    const base = at.SLOTS_AT + at.imageAt(running);
    let switching = false;

    /** Saved before it is told. */
    const tell = (code: number) => {
      control[at.CODE] = code;
      control[at.TOLD] = 0;
      store.save(control);
    };

    /** What there is to tell, as a message. */
    const status = () =>
      array(4) + int(-1) + int(own.version) + int(control[at.NUMBER] || 0) + int(control[at.CODE] || 0);

    /** The receiver knows. A version on trial has reported: from now on it is the one that boots. */
    const told = () => {
      control[at.TOLD] = 1;
      if (onTrial) {
        control[at.ACTIVE] = running;
        control[at.TRIAL] = 0;
        control[at.FLOOR] = own.version;
      }
      store.save(control);
    };

    const allowed = (joules: number) =>
      ![inner, others || {}].some(
        (hooks) => (hooks.most && hooks.most() < joules) || (hooks.spend && hooks.spend(0) <= 0),
      );

    /** 0, or why the update is not for this node. */
    const refusal = (offer: Manifest): number => {
      if (offer.board !== own.board) return outcome.WRONG_BOARD;
      if (offer.version < Math.max(control[at.FLOOR] || 0, own.version) && !offer.downgrade) return outcome.OLDER;
      if (offer.size > at.IMAGE_BYTES || offer.blocks.length !== Math.ceil(offer.size / BLOCK))
        return outcome.TOO_LARGE;
      if (offer.base && offer.base !== own.crc) return outcome.WRONG_BASE;
      return allowed(offer.joules) ? 0 : outcome.POSTPONED;
    };

    /** Nothing more comes of it: the broker may forget it. */
    const isOver = (offer: Manifest): boolean => {
      const code = control[at.CODE];
      const open = code === outcome.BEGUN || code === outcome.POSTPONED;
      return !(offer.number === control[at.NUMBER] && open);
    };

    const begin = (offer: Manifest): boolean => {
      const number = control[at.NUMBER] || 0;
      if (onTrial || offer.number < number) return false;
      if (offer.number === number) {
        if (control[at.CODE] === outcome.BEGUN) return allowed(offer.joules);
        if (control[at.CODE] !== outcome.POSTPONED) return false;
      }
      const code = refusal(offer);
      if (!code) erase(flash, target);
      else if (code === outcome.POSTPONED && offer.number === number) return false;
      control[at.NUMBER] = offer.number;
      control[at.STALLED] = 0;
      tell(code || outcome.BEGUN);
      return !code;
    };

    /** The commit: one save, and the next boot tries the new version. */
    const complete = (offer: Manifest) => {
      const image = storedPart(at.SLOTS, at.imageAt(target), offer.size)!;
      if (crypto.sha256(image) !== offer.sha256) return tell(outcome.DAMAGED);
      at.writeHead(flash, target, offer);
      if (!at.slotOf(flash, target)) return tell(outcome.FLASH_REFUSED);
      control[at.TRIAL] = 1;
      control[at.BOOTS] = options.boots || 96;
      control[at.RESETS] = TRIAL_RESETS;
      control[at.CODE] = outcome.RUNS;
      control[at.TOLD] = 0;
      switching = store.save(control);
    };

    const fetching = (settings: Settings, outer: Inlet | undefined): Inlet => {
      const own = ("" + (settings["updates"] || topic)).replace("{id}", "" + settings["id"]);
      const key = updateKey(crypto, keyOf(settings));
      const kept: [header: number, body: string][] = [];
      const began = now();
      let download: Download | undefined;
      let asked = 0;
      /** Sends a subscription for the next pieces, or ends. */
      const ask = (offer: Manifest, from: Download): string => {
        const wanted = now() - began < seconds(options.awake || "90s") ? from.wanted(WINDOW) : [];
        asked = wanted.length;
        inlet.lingerMs = asked ? PIECE_MS : 1;
        if (!from.missing()) complete(offer);
        if (from.failed) tell(outcome.FLASH_REFUSED);
        return asked ? packet(0x82, u16(SUBSCRIPTION) + wanted.map((i) => text(own + "/" + i) + "\0").join("")) : "";
      };
      const take = (name: string, message: string, retained: boolean): string => {
        const body = keyOf(settings) && openMac0(crypto, key, keyIdOf(settings), message);
        if (!body) return "";
        if (name !== own) {
          if (!download) return "";
          const before = download.missing();
          if (!download.take(body)) return "";
          if (control[at.STALLED] && download.missing() < before) {
            control[at.STALLED] = 0;
            store.save(control);
          }
          return --asked > 0 ? "" : ask(download.offer, download);
        }
        const offer = !download && readManifest(crypto, body);
        if (!offer) return "";
        if (!begin(offer)) return retained && !onTrial && isOver(offer) ? packet(0x31, text(own)) : "";
        download = openDownload(flash, crypto, offer, target, base, host.cause === RESET);
        control[at.STALLED] = (control[at.STALLED] || 0) + 1;
        if (control[at.STALLED]! > SESSIONS) {
          tell(outcome.STUCK);
          return "";
        }
        store.save(control);
        return ask(offer, download);
      };
      const inlet: Inlet = {
        topic: outer ? outer.topic : own,
        hello: (outer ? outer.hello : "") + packet(0x82, u16(SUBSCRIPTION) + text(own) + "\0"),
        lingerMs: 0,
        fault: 0,
        packet(header, body) {
          const kind = header >> 4;
          if (kind === SUBACK && u16At(body, 0) === SUBSCRIPTION) {
            // a broker that refuses the topic has no update for us
            if (!download) inlet.lingerMs = LINGER_MS;
            return true;
          }
          if (kind === PUBLISH && body.substr(2, own.length) === own) {
            kept.push([header, body]);
            return true;
          }
          return !!outer && outer.packet(header, body);
        },
        work() {
          let reply = "";
          if (outer) {
            if (inlet.open) outer.open = inlet.open;
            reply = outer.work();
            inlet.fault = outer.fault;
          }
          for (const [header, body] of kept.splice(0, kept.length)) {
            const end = 2 + u16At(body, 0);
            const qos = header & 6;
            const id = qos ? 2 : 0;
            if (qos) reply += puback(u16At(body, end));
            reply += take(body.slice(2, end), body.slice(end + id), !!(header & 1));
          }
          return reply;
        },
      };
      return inlet;
    };

    return Object.assign({}, inner, {
      event: inner.event || onTrial,
      sampled: (readings: R) => (inner.sampled ? inner.sampled(readings) : false) || onTrial,
      plan: (jobs: Job[], due: number[]) => {
        if (inner.plan) inner.plan(jobs, due);
        if (switching) due[0] = 0;
      },
      sleep: (forSeconds: number, again: () => void) => {
        if (switching) deepSleep(1);
        else (inner.sleep || deepSleep)(forSeconds, again);
      },
      outbox: (given: Outbox, settings: Settings): Outbox => {
        const outbox = inner.outbox ? inner.outbox(given, settings) : given;
        let telling = "";
        return {
          next(most) {
            // what is told of a switch is told by the version that it leads to
            telling = control[at.TOLD] || switching ? "" : status();
            return telling || outbox.next(most);
          },
          confirmed() {
            if (!telling) outbox.confirmed();
            // otherwise there is something else to tell by now
            else if (telling === status() && !switching) told();
          },
          inlet: fetching(settings, outbox.inlet),
        };
      },
    });
  };
}

/** All of it: a page whose erasing was cut may read as erased now and as something else later. */
function erase(flash: FlashPort, slot: number): void {
  for (let page = 0; page < at.SLOT_BYTES; page += PAGE) flash.erasePage(at.SLOTS_AT + at.imageAt(slot) + page);
}

interface Download {
  readonly offer: Manifest;
  /** Blocks that have not arrived. */
  missing(): number;
  /** Numbers of the first pieces that hold some of them. None is asked for twice in a session. */
  wanted(most: number): number[];
  /** False for what does not belong to this update. */
  take(piece: string): boolean;
  /** The flash did not keep what was written. */
  failed: boolean;
}

function openDownload(
  flash: FlashPort,
  crypto: CryptoPort,
  offer: Manifest,
  slot: number,
  base: number,
  reset: boolean,
): Download {
  const start = at.SLOTS_AT + at.imageAt(slot);
  const size = (block: number) => Math.max(0, Math.min(BLOCK, offer.size - block * BLOCK));
  const padded = (bytes: string) => {
    while (bytes.length & 3) bytes += "\xff";
    return bytes;
  };
  const read = (block: number) => flash.read(size(block), start + block * BLOCK);
  const fits = (bytes: string | Uint8Array, block: number) => (flash.crc32(bytes) | 0) === offer.blocks[block];
  const there: boolean[] = [];
  let asked = 0;
  for (let block = 0; size(block); block++) {
    const bytes = read(block);
    there[block] = fits(bytes, block);
    // a write that was cut may read as whole now and as torn later: what was checked is written, not what another look gives
    if (there[block] && reset) flash.write(padded(flash.text(bytes)), start + block * BLOCK);
  }
  const self: Download = {
    offer,
    failed: false,
    missing: () => there.filter((is) => !is).length,
    wanted(most) {
      const out: number[] = [];
      while (asked < offer.pieces.length && out.length < most && !self.failed) {
        const first = offer.pieces.charCodeAt(asked);
        const end = ++asked < offer.pieces.length ? offer.pieces.charCodeAt(asked) : there.length;
        if (there.slice(first, end).some((is) => !is)) out.push(asked - 1);
      }
      return out;
    },
    take(piece) {
      if (new Int32Array(crypto.buffer(piece.slice(0, 4)))[0] !== offer.crc) return false;
      return unpack(
        piece.slice(PIECE_HEAD),
        piece.charCodeAt(4),
        (length, from) => flash.text(flash.read(length, base + from)),
        size,
        (block, bytes) => {
          if (!fits(bytes, block)) return false;
          if (there[block]) return true;
          flash.write(padded(bytes), start + block * BLOCK);
          there[block] = fits(read(block), block);
          if (!there[block]) self.failed = true;
          return there[block];
        },
      );
    },
  };
  return self;
}
