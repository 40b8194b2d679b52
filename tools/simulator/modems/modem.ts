/**
 * An NB-IoT modem at the level of its AT commands, power key and currents, whatever its family: power and sleep states
 * around the radio and the serial port.
 */
import type { Alarm } from "../clock.ts";
import { decodeEdrx, decodePagingWindow } from "../network/timers.ts";
import { AtFailure, createAtPort } from "./at-port.ts";
import type { CommandTable, ModemCore, SavedSettings } from "./core.ts";
import { edrxAmps, modemCauses, transmitAmps } from "./figures.ts";
import type { ModemTime } from "./modem-time.ts";
import type { ModemWiring, PowerState, SimulatedModem } from "./modem-types.ts";
import { createPowerKey } from "./power-key.ts";
import { createRadio } from "./radio.ts";
import { registration, registrationStatus } from "./registration.ts";
import { factorySettings, startSettings } from "./settings.ts";
import { createGnss } from "./simcom-gnss.ts";
import { baudRates, standardCommands } from "./standard-commands.ts";

const ms = 1e3;

export function createModem({ family, context, line, network, status, options = {} }: ModemWiring): SimulatedModem {
  const { clock, meter, random, trace } = context;
  const { figures, dialect } = family;
  const quirks = options.quirks ?? {};
  const saved: SavedSettings = { ...factorySettings, ...family.factory, ...options.saved };
  const settings = { ...startSettings };
  let power: PowerState = "off";
  let supplied = true;
  let offAtUs = -Infinity;
  let lastHeardUs = 0;
  let asleep = false;
  /** Until then the characters that woke the modem from sleep swallow what follows. */
  let deafUntilUs = 0;
  let dtrHigh = false;
  /** Offset of the modem's clock, from when it was last set; a modem without time counts from 2000-01-01. */
  let clockOffset = 0;
  let clockZone = 0;
  let amps = 0;
  let cause = "";
  let lastStatus = "";
  let wasConnected = false;
  let boot: Alarm | undefined;
  let sleepAlarm: Alarm | undefined;

  const port = createAtPort({
    clock,
    random,
    line,
    fault: context.fault,
    rates: baudRates.filter((rate) => rate >= 2400 && rate <= 115_200),
    answerUs: () => (figures.answerMs.value + random.next() * figures.answerSpreadMs.value) * ms,
    heard,
    shape: dialect.colon === ":" ? (text) => text.replace(/^([+*]\w+): /, "$1:") : (text) => text,
    execute(command, done) {
      const forms = quirks.lacks?.includes(command.name) ? undefined : table[command.name];
      let answer;
      if (command.form === "test") answer = forms?.test === undefined ? undefined : forms.test ? [forms.test] : [];
      else if (command.form === "set") answer = forms?.set?.(command.values, done);
      else answer = command.form === "read" ? forms?.read?.() : forms?.run?.(done);
      if (answer) done(answer);
      else if (!forms || (command.form !== "set" && command.form !== "run") || !forms[command.form])
        done(new AtFailure());
    },
  });

  const radio = createRadio({
    clock,
    network,
    figures,
    transmitAmps: (dbm) => transmitAmps(figures, dbm),
    burst: (burstAmps, seconds, burstCause) =>
      meter.pulse(Math.max(0, burstAmps - amps) * seconds, burstCause, seconds),
    edrxSeconds: () => (asleep ? edrxSeconds() : undefined),
    wanted: () => (saved.psmMode ? saved.psmTimers : undefined),
    changed(state) {
      if (settings.reportConnection && (state === "connected") !== wasConnected)
        port.urc(`+CSCON: ${state === "connected" ? 1 : 0}`);
      wasConnected = state === "connected";
      gnss?.radio(state);
      book();
      reportStatus();
      planSleep();
    },
    accepted(isAttach) {
      if (isAttach && network.profile.tellsTime) networkTime();
      if (!isAttach && settings.registrationReport >= 4) port.urc(`+CEREG: ${registration(core)}`);
    },
  });

  const gnss =
    family.gnss &&
    createGnss({
      context,
      figures: family.gnss,
      switchedAntenna: options.switchedAntenna ?? false,
      unixNow: network.unixNow,
      changed() {
        book();
        planSleep();
      },
    });

  const core: ModemCore = {
    family,
    get gnssHasRadio() {
      return gnss !== undefined && gnss.on && family.gnss!.sharesRadio.value !== 0;
    },
    clock,
    network,
    radio,
    port,
    saved,
    settings,
    model: options.model ?? family.models[0],
    quirks,
    time: () => ({ unix: clockOffset + clock.now, zoneQuarters: clockZone }),
    setTime,
    saveProfile: () => void Object.assign(saved, { ...port.settings, baud: saved.baud, reportPsm: settings.reportPsm }),
    setFunctionality(value) {
      const before = settings.functionality;
      settings.functionality = value;
      if (value === before) return;
      if (value === 1) radio.on(true);
      else radio.off(true);
      book();
    },
    powerDown,
    simMissing: () => context.fault("no-sim"),
    restart() {
      radio.off(true);
      start(true);
    },
    planSleep,
  };
  const sockets = family.sockets(core);
  const table: CommandTable = {
    ...standardCommands(core),
    ...family.commands?.(core),
    ...gnss?.commands,
    ...sockets.commands,
  };

  function setTime({ unix, zoneQuarters }: ModemTime): void {
    clockOffset = unix - clock.now;
    clockZone = zoneQuarters;
  }

  function networkTime(): void {
    setTime({ unix: network.unixNow(), zoneQuarters: network.profile.zoneQuarters });
    if (saved.reportTime) port.urc(table["+CCLK"]!.read!().toString().replace("+CCLK", "+CLTS"));
  }

  /** Current and cause of the present state. */
  function book(): void {
    const [nextAmps, nextCause] = drawn();
    if (nextAmps === amps && nextCause === cause) return;
    amps = nextAmps;
    cause = nextCause;
    meter.set(amps, cause);
    trace("modem", cause.slice("modem: ".length));
  }

  function drawn(): [amps: number, cause: string] {
    const [lteAmps, lteCause] = draw();
    if (!gnss?.on || power !== "on") return [lteAmps, lteCause];
    const { milliamps } = family.gnss!;
    return [lteAmps + (milliamps.value - figures.idleMilliamps.value) / 1000, "modem: GNSS"];
  }

  function draw(): [amps: number, cause: string] {
    const idle = figures.idleMilliamps.value / 1000;
    const receive = figures.receiveMilliamps.value / 1000;
    if (!supplied) return [0, "modem: off"];
    if (power === "off") return [figures.offMicroamps.value / 1e6, "modem: off"];
    if (power === "psm") return [figures.psmMicroamps.value / 1e6, "modem: PSM"];
    if (power === "booting") return [figures.bootMilliamps.value / 1000, "modem: boot"];
    switch (radio.state) {
      case "searching":
        return [receive, "modem: search"];
      case "attaching":
        return [receive, "modem: attach"];
      case "connected": {
        const { onMs, cycleMs } = network.profile.connectedDrx;
        return [idle + (receive - idle) * Math.min(1, onMs.value / cycleMs.value), "modem: connected"];
      }
      case "idle":
        return asleep ? [sleepAmps(), "modem: paging"] : [idle, "modem: idle"];
      default:
        return [asleep ? figures.sleepMicroamps.value / 1e6 : idle, "modem: idle"];
    }
  }

  const edrxSeconds = () => (saved.edrxMode && network.grantsEdrx() ? decodeEdrx(saved.edrxCode) : undefined);

  function sleepAmps(): number {
    const { pagingCycleSeconds } = network.profile;
    const cycle = edrxSeconds();
    if (cycle === undefined) return figures.sleepDrxMilliamps.value / 1000;
    return edrxAmps(figures, cycle, decodePagingWindow(saved.pagingWindowCode), pagingCycleSeconds.value);
  }

  function reportStatus(): void {
    const text = String(registrationStatus(core));
    if (text === lastStatus) return;
    lastStatus = text;
    trace("registration", text);
    if (settings.registrationReport > 0) port.urc(`+CEREG: ${registration(core)}`);
    if (settings.packetRegistrationReport > 0) port.urc(`+CGREG: ${text}`);
  }

  function enter(next: PowerState): void {
    power = next;
    asleep = false;
    book();
  }

  /** From off (`cold`) or PSM until the UART answers. */
  function start(cold: boolean, isUpdate = false): void {
    gnss?.off();
    port.close();
    clock.cancel(sleepAlarm);
    sleepAlarm = undefined;
    if (cold) {
      sockets.forget(false);
      Object.assign(settings, startSettings, { reportPsm: saved.reportPsm });
      Object.assign(port.settings, { baud: saved.baud, echo: saved.echo, errors: saved.errors });
    }
    enter("booting");
    if (status)
      clock.after(figures.statusOnMs.value * ms, () => status.drive(power === "booting" || power === "on" ? 1 : 0));
    const ready = cold ? figures.uartReadyMs : (figures.wakeReadyMs ?? figures.uartReadyMs);
    const readyMs = ready.value + random.next() * figures.uartReadySpreadMs.value;
    clock.cancel(boot);
    boot = clock.after(readyMs * ms, () => (cold ? booted() : awake(isUpdate)));
  }

  /** With autobauding the modem cannot know how to speak, so it says nothing of its own accord. */
  const announce = (text: string) => {
    if (saved.baud) port.urc(text);
  };

  function ready(): void {
    enter("on");
    port.open();
    lastHeardUs = clock.nowUs;
  }

  function booted(): void {
    ready();
    for (const [after, text] of dialect.greetings) {
      if (after === 0) announce(text);
      else clock.after(after * ms, () => power === "on" && announce(text));
    }
    boot = clock.after(figures.simReadyMs.value * ms, () => {
      if (settings.functionality === 1) radio.on(true);
    });
  }

  function awake(isUpdate: boolean): void {
    ready();
    if (settings.reportPsm) dialect.exitPsm.forEach(announce);
    radio.wake();
    if (isUpdate) radio.update();
    planSleep();
  }

  function powerDown(): void {
    gnss?.off();
    radio.off(true);
    offAtUs = clock.nowUs;
    clock.cancel(boot);
    port.close();
    enter("stopping");
    boot = clock.after(figures.uartOffMs.value * ms, () => switchedOff());
    if (status) clock.after(figures.statusOffMs.value * ms, () => status.drive(0));
  }

  function switchedOff(): void {
    sockets.forget(false);
    clock.cancel(sleepAlarm);
    sleepAlarm = undefined;
    clockOffset = Date.UTC(2000, 0, 1) / 1000 - clock.now;
    clockZone = 0;
    lastStatus = "";
    enter("off");
  }

  /** When deep sleep may start; Infinity while something is against it. */
  function psmFromUs(): number {
    if (!saved.psmMode || sockets.blockPsm || gnss?.on) return Infinity;
    return Math.max(radio.psmFromUs, quietUs());
  }

  const quietUs = () => lastHeardUs + figures.uartQuietMs.value * ms;

  function slowClockFromUs(): number {
    if (asleep) return Infinity;
    return saved.slowClock === 2 ? quietUs() : saved.slowClock === 1 && dtrHigh ? clock.nowUs : Infinity;
  }

  function planSleep(): void {
    if (power !== "on") return;
    const dueUs = Math.min(psmFromUs(), slowClockFromUs());
    if (dueUs === Infinity || (sleepAlarm && sleepAlarm.atUs <= dueUs)) return;
    clock.cancel(sleepAlarm);
    sleepAlarm = clock.at(Math.ceil(dueUs), () => {
      sleepAlarm = undefined;
      if (power !== "on") return;
      if (clock.nowUs >= psmFromUs()) return enterPsm();
      if (clock.nowUs >= slowClockFromUs()) {
        asleep = true;
        book();
      }
      planSleep();
    });
  }

  function enterPsm(): void {
    if (settings.reportPsm) announce(dialect.enterPsm);
    port.close();
    sockets.forget(saved.retention === 1);
    radio.sleep();
    settings.releaseAssistance = 0;
    clock.cancel(boot);
    enter("psm");
    status?.drive(0);
    boot = clock.at(radio.updateDueUs, () => start(false, true));
  }

  /** The first characters after CSCLK sleep only wake the modem, as do all within 100 ms of them. */
  function heard(): boolean {
    const nowUs = clock.nowUs;
    if (asleep && saved.slowClock === 2) {
      asleep = false;
      deafUntilUs = nowUs + figures.wakeCharacterMs.value * ms;
      book();
    }
    lastHeardUs = nowUs;
    planSleep();
    return nowUs >= deafUntilUs && !asleep;
  }

  const powerKey = createPowerKey({
    clock,
    wiring: options.powerKeyWiring ?? "direct",
    holdUs() {
      if (!supplied || family.alwaysOn) return undefined;
      if (power === "off")
        return clock.nowUs < offAtUs + figures.offToOnMs.value * ms ? undefined : figures.powerOnLowMs.value * ms;
      if (power === "psm") return figures.wakeLowMs.value * ms;
      return power === "on" ? figures.powerOffLowMs.value * ms : undefined;
    },
    pressed() {
      if (power === "off" || power === "psm") return start(power === "off");
      if (power !== "on") return;
      port.urc(dialect.farewell);
      powerDown();
    },
  });

  switchedOff();
  const starts = () => {
    if (family.alwaysOn) start(true);
  };
  starts();
  return {
    serial: {
      receive(bytes, baud) {
        if (power === "psm" && family.wakesOnUart) start(false);
        else port.receive(bytes, baud);
      },
    },
    powerKey,
    dtr: {
      changed(level) {
        dtrHigh = level === 1;
        if (!dtrHigh && asleep && saved.slowClock === 1) {
          asleep = false;
          book();
        }
        planSleep();
      },
    },
    get state() {
      return power;
    },
    get counters() {
      return radio.counters;
    },
    power(on) {
      radio.off(false);
      port.close();
      clock.cancel(boot);
      supplied = on;
      gnss?.forget();
      switchedOff();
      offAtUs = -Infinity;
      status?.drive(0);
      if (on) starts();
    },
    causes: modemCauses(figures, network.profile, family.gnss),
  };
}
