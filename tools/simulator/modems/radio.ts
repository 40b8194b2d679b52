/**
 * The radio half of an NB-IoT modem: search, attach, RRC connections with their tail, the timers that the network
 * grants, loss of coverage. It knows no AT command; the modem asks it for packets and watches its state.
 */
import type { Alarm } from "../clock.ts";
import { at } from "../network/network.ts";
import type { CoverageLevel } from "../network/network.ts";
import type { Grant } from "../network/profiles.ts";
import {
  deactivated,
  decodeActiveTime,
  decodePeriodicTau,
  encodeActiveTime,
  encodePeriodicTau,
} from "../network/timers.ts";
import type { PsmTimers, Radio, RadioCounters, RadioOptions, RadioState } from "./radio-types.ts";

/** TS 24.301: 12 minutes. */
const t3402Seconds = 720;

const transmit = "modem: transmit";

const notGranted: PsmTimers = { activeTime: deactivated, periodicTau: deactivated };

export function createRadio(options: RadioOptions): Radio {
  const { clock, network, figures, burst, changed } = options;
  const { profile } = network;
  const receiveAmps = figures.receiveMilliamps.value / 1000;
  let state: RadioState = "off";
  let granted = notGranted;
  let level: CoverageLevel = 0;
  /** Attached in the network's eyes, also while out of coverage. */
  let attached = false;
  let assistance: 0 | 1 | 2 = 0;
  let releaseAfterDownlink = false;
  let channelFreeUs = 0;
  let lastUplinkUs = 0;
  let lastDownlinkUs = 0;
  let releaseAtUs = 0;
  let idleSinceUs = -Infinity;
  /** T3324 runs only after a connection: a wake without traffic goes back to sleep at once. */
  let activeTimeRuns = false;
  let updateDueUs = Infinity;
  let release: Alarm | undefined;
  let step: Alarm | undefined;
  let watch: Alarm | undefined;
  let periodic: Alarm | undefined;
  let scans = 0;
  let denied = false;
  const counters: RadioCounters = { transmitMs: 0, receiveMs: 0, transmitBytes: 0, receiveBytes: 0 };
  /** Until now the counters hold the receiver's time. */
  let countedUs = 0;

  const isRegistered = () => state === "idle" || state === "connected";

  function drawLevel(): void {
    const next = network.drawLevel();
    if (next !== level) network.trace("coverage level", next);
    level = next;
  }

  /** Receiver time of the present state: all of a search and an attach, of a connection what its DRX leaves. */
  function countReceiver(): void {
    const { onMs, cycleMs } = profile.connectedDrx;
    const share =
      state === "searching" || state === "attaching"
        ? 1
        : state === "connected"
          ? Math.min(1, onMs.value / cycleMs.value)
          : 0;
    counters.receiveMs += (share * (clock.nowUs - countedUs)) / 1e3;
    countedUs = clock.nowUs;
  }

  function enter(next: RadioState): void {
    if (next === state) return;
    countReceiver();
    state = next;
    watchCoverage();
    changed(next);
  }

  function later(delayUs: number, run: () => void): void {
    clock.cancel(step);
    step = clock.after(delayUs, run);
  }

  function watchCoverage(): void {
    if (!isRegistered()) {
      clock.cancel(watch);
      watch = undefined;
    } else {
      watch ??= clock.after(figures.outOfServiceSeconds.value * 1e6, () => {
        watch = undefined;
        if (network.barred()) attached = false;
        if (network.covered() && attached) watchCoverage();
        else outOfService();
      });
    }
  }

  function outOfService(): void {
    stopAlarms();
    scans = 0;
    search();
  }

  function stopAlarms(): void {
    for (const alarm of [release, step, watch, periodic]) clock.cancel(alarm);
    release = step = watch = periodic = undefined;
  }

  function idle(): void {
    idleSinceUs = clock.nowUs;
    enter("idle");
    if (updateDueUs < Infinity) periodic = clock.at(updateDueUs, update);
  }

  function search(): void {
    enter("searching");
    if (network.covered()) {
      const searchUs = network.duration(profile.searchSeconds, 1e6) + network.hiddenSearchSeconds() * 1e6;
      later(searchUs, () => (network.covered() ? found() : search()));
      return;
    }
    later(figures.scanSeconds.value * 1e6, () => {
      if (network.covered()) return found();
      const pauses = figures.scanPauseSeconds;
      const pause = pauses[Math.min(scans++, pauses.length - 1)]!;
      enter("pausing");
      later(pause.value * 1e6, search);
    });
  }

  function found(): void {
    scans = 0;
    drawLevel();
    if (attached) {
      return idle();
    }
    enter("attaching");
    signal(figures.attachBytes.value, "modem: attach");
    later(network.duration(profile.attachSeconds, 1e6, level), () => {
      if (!network.covered()) return search();
      const cause = network.rejects();
      if (cause !== undefined) return rejected(cause);
      denied = false;
      attached = true;
      accept(true);
    });
  }

  /** A cell that does not suit is left for another; a network that refuses is asked again much later (T3402). */
  function rejected(cause: number): void {
    network.trace("attach rejected, cause", cause);
    const isTemporary = cause === 15;
    denied = !isTemporary;
    enter("pausing");
    later((isTemporary ? profile.registration.rejectPauseSeconds.value : t3402Seconds) * 1e6, search);
  }

  function accept(isAttach: boolean): void {
    const wanted = options.wanted();
    granted = wanted
      ? {
          activeTime: grant(
            network.grant("activeTime"),
            wanted.activeTime,
            (seconds) => encodeActiveTime(seconds).code,
          ),
          periodicTau: grant(
            network.grant("periodicTau"),
            wanted.periodicTau,
            (seconds) => encodePeriodicTau(seconds).code,
          ),
        }
      : notGranted;
    enter("connected");
    active(clock.nowUs);
    options.accepted(isAttach);
  }

  function signal(bytes: number, cause: string): number {
    network.bytes?.signalling("up", bytes);
    return air(bytes, cause);
  }

  /** Returns the air time in seconds. */
  function air(bytes: number, cause: string): number {
    const { coverage } = profile;
    const seconds = (bytes * 8) / at(coverage.uplinkBitsPerSecond, level);
    const named = cause === transmit && level > 0 ? "modem: transmit repeated" : cause;
    burst(options.transmitAmps(at(coverage.transmitDbm, level)), seconds, named);
    counters.transmitMs += seconds * 1e3;
    counters.transmitBytes += bytes;
    network.bytes?.aired("up", bytes);
    return seconds;
  }

  function receive(bytes: number, cause = "modem: receive"): number {
    const seconds = (bytes * 8) / at(profile.coverage.downlinkBitsPerSecond, level);
    listen(seconds + profile.monitorMs.value / 1000, cause);
    counters.receiveBytes += bytes;
    network.bytes?.aired("down", bytes);
    return seconds;
  }

  function listen(seconds: number, cause = "modem: receive"): void {
    burst(receiveAmps, seconds, cause);
    counters.receiveMs += seconds * 1e3;
  }

  /** The connection is kept for the inactivity time from `fromUs` on. */
  function active(fromUs: number, keepUs = profile.inactivitySeconds.value * 1e6): void {
    releaseAtUs = Math.ceil(fromUs + keepUs);
    if (release && release.atUs <= releaseAtUs) return;
    clock.cancel(release);
    release = clock.at(releaseAtUs, released);
  }

  function released(): void {
    release = undefined;
    if (clock.nowUs < releaseAtUs) {
      release = clock.at(releaseAtUs, released);
      return;
    }
    releaseAfterDownlink = false;
    activeTimeRuns = true;
    const seconds = decodePeriodicTau(granted.periodicTau) ?? profile.defaultPeriodicTauSeconds.value;
    updateDueUs = clock.nowUs + seconds * 1e6;
    idle();
  }

  /** Makes sure that there is a connection; returns when it can carry data. */
  function connect(cause = transmit): number {
    if (state === "connected") return Math.max(clock.nowUs, channelFreeUs);
    clock.cancel(periodic);
    drawLevel();
    const setupUs = network.duration(profile.rrcSetupMs, 1e3, level);
    enter("connected");
    listen(setupUs / 1e6, cause === transmit ? "modem: receive" : cause);
    signal(figures.setupBytes.value, cause);
    channelFreeUs = clock.nowUs + setupUs;
    active(channelFreeUs);
    return channelFreeUs;
  }

  function update(): void {
    if (!isRegistered()) return;
    const cause = "modem: tracking update";
    const readyUs = connect(cause);
    const seconds = signal(figures.tauBytes.value, cause);
    network.bytes?.signalling("down", figures.tauBytes.value);
    receive(figures.tauBytes.value, cause);
    const doneUs = readyUs + seconds * 1e6 + network.duration(profile.uplinkMs, 1e3, level);
    active(doneUs);
    clock.at(doneUs, () => {
      if (state !== "connected") return;
      if (network.covered()) accept(false);
      else outOfService();
    });
  }

  return {
    get state() {
      return state;
    },
    get registered() {
      return isRegistered();
    },
    get denied() {
      return denied;
    },
    get counters() {
      countReceiver();
      return counters;
    },
    get granted() {
      return granted;
    },
    get level() {
      return level;
    },
    get updateDueUs() {
      return updateDueUs;
    },
    get psmFromUs() {
      const seconds = decodeActiveTime(granted.activeTime);
      if (state !== "idle" || seconds === undefined) return Infinity;
      return activeTimeRuns ? idleSinceUs + seconds * 1e6 : idleSinceUs;
    },
    on(attach) {
      if (state !== "off" && state !== "detached") return;
      scans = 0;
      if (attach) search();
      else enter("detached");
    },
    off(detach) {
      if (detach && isRegistered()) {
        connect();
        signal(figures.setupBytes.value, transmit);
      }
      stopAlarms();
      attached = denied = false;
      granted = notGranted;
      updateDueUs = Infinity;
      activeTimeRuns = false;
      assistance = 0;
      releaseAfterDownlink = false;
      enter("off");
    },
    update,
    assist(indication) {
      assistance = indication;
    },
    uplink(payloadBytes, done) {
      if (!isRegistered()) return notNow(done);
      const assisted = assistance;
      assistance = 0;
      const readyUs = connect();
      const seconds = air(payloadBytes + figures.packetOverheadBytes.value, transmit);
      network.bytes?.heads("up", figures.packetOverheadBytes.value);
      listen(profile.monitorMs.value / 1000);
      channelFreeUs = readyUs + seconds * 1e6;
      const arrivalUs = Math.max(lastUplinkUs, channelFreeUs + network.duration(profile.uplinkMs, 1e3, level));
      lastUplinkUs = arrivalUs;
      if (assisted === 1 && network.honoursRelease()) endConnection(arrivalUs);
      else active(arrivalUs);
      if (assisted === 2 && network.honoursRelease()) releaseAfterDownlink = true;
      const lost = network.losesPacket();
      clock.at(arrivalUs, () => {
        if (!isRegistered()) return done(false);
        if (network.covered()) return done(!lost);
        outOfService();
        done(false);
      });
      return true;
    },
    downlink(payloadBytes, done) {
      if (!isRegistered() || !network.covered()) return notNow(done);
      // An idle device hears of it at its next paging occasion, half a cycle away on average.
      const cycleSeconds = options.edrxSeconds?.() ?? profile.pagingCycleSeconds.value;
      const pagingUs = state === "idle" ? (cycleSeconds / 2) * 1e6 : 0;
      const readyUs = connect() + pagingUs;
      const bytes = payloadBytes + figures.packetOverheadBytes.value;
      const seconds = receive(bytes);
      const arrivalUs = Math.max(
        lastDownlinkUs,
        readyUs + seconds * 1e6 + network.duration(profile.downlinkMs, 1e3, level),
      );
      lastDownlinkUs = arrivalUs;
      network.bytes?.heads("down", figures.packetOverheadBytes.value);
      network.bytes?.heads("up", figures.packetOverheadBytes.value);
      // The stack's acknowledgement goes up without anyone waiting for it.
      air(figures.packetOverheadBytes.value, transmit);
      if (releaseAfterDownlink) endConnection(arrivalUs);
      else active(arrivalUs);
      const lost = network.losesPacket();
      clock.at(arrivalUs, () => done(isRegistered() && network.covered() && !lost));
      return true;
    },
    carried: (packet) => network.bytes?.packet(packet),
    sleep() {
      stopAlarms();
      activeTimeRuns = false;
      assistance = 0;
    },
    wake() {
      if (isRegistered()) {
        idleSinceUs = clock.nowUs;
        watchCoverage();
        if (state === "idle" && updateDueUs < Infinity) periodic = clock.at(updateDueUs, update);
      }
    },
  };

  function endConnection(fromUs: number): void {
    releaseAfterDownlink = false;
    clock.cancel(release);
    release = undefined;
    active(fromUs, figures.releaseMs.value * 1e3);
  }
}

function notNow(done: (arrived: boolean) => void): false {
  done(false);
  return false;
}

function grant(rule: Grant, asked: string, encode: (seconds: number) => string): string {
  if (rule === "asked") return asked;
  return rule === "refused" ? deactivated : encode(rule.seconds);
}
