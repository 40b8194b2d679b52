/**
 * SIM7020E/G NB-IoT modem at the level of its AT commands, power key and currents, after SIMCom's manuals: hardware
 * design V1.02, AT command manual V1.05, low power application note V1.03.
 */
import type { Figure } from "../../../boards/types.ts";
import type { Alarm } from "../clock.ts";
import type { PartContext, PinLine, PinTarget, SerialLine, SerialTarget } from "../hardware.ts";
import type { Network } from "../network/network.ts";
import { decodeEdrx, decodePagingWindow } from "../network/timers.ts";
import { AtFailure, createAtPort } from "./at-port.ts";
import type { ModemTime } from "./modem-time.ts";
import { createPowerKey } from "./power-key.ts";
import type { KeyWiring } from "./power-key.ts";
import { createRadio } from "./radio.ts";
import {
  baudRates,
  commands,
  factorySettings,
  registration,
  registrationStatus,
  startSettings,
} from "./sim7020-commands.ts";
import type { CommandTable, SavedSettings, Sim7020Core } from "./sim7020-core.ts";
import { edrxAmps, sim7020Causes, sim7020Figures as figures, transmitAmps } from "./sim7020-figures.ts";
import { createSockets } from "./sim7020-sockets.ts";

export interface Sim7020Options {
  /** How the board wires PWRKEY; "npn" where a pin that is high presses the key. */
  readonly powerKeyWiring?: KeyWiring;
  /** Name that AT+CGMM tells. */
  readonly model?: "SIM7020E" | "SIM7020G" | "SIM7020C";
  /** Settings that somebody has saved in this module before; factory settings otherwise. */
  readonly saved?: Partial<SavedSettings>;
  /** Firmware whose AT+CSOCON takes host names, not only addresses (default). */
  readonly resolvesNames?: boolean;
}

export interface Sim7020Wiring {
  readonly context: PartContext;
  readonly line: SerialLine;
  readonly network: Network;
  readonly status?: PinLine;
  readonly options?: Sim7020Options;
}

export type PowerState = "off" | "booting" | "on" | "stopping" | "psm";

export interface Sim7020 {
  readonly serial: SerialTarget;
  readonly powerKey: PinTarget;
  /** Data terminal ready: high lets the modem sleep with AT+CSCLK=1. */
  readonly dtr: PinTarget;
  readonly state: PowerState;
  /** The supply goes on or off; it starts on. Without it all that is not saved is lost, and the network is not told. */
  power(on: boolean): void;
  /** The figures behind each cause under which the modem books energy. */
  readonly causes: ReadonlyMap<string, readonly Figure[]>;
}

const ms = 1e3;

export function createSim7020({ context, line, network, status, options = {} }: Sim7020Wiring): Sim7020 {
  const { clock, meter, random, trace } = context;
  const saved: SavedSettings = { ...factorySettings, ...options.saved };
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
    execute(command, done) {
      const forms = table[command.name];
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
    transmitAmps,
    burst: (burstAmps, seconds, burstCause) =>
      meter.pulse(Math.max(0, burstAmps - amps) * seconds, burstCause, seconds),
    wanted: () => (saved.psmMode ? saved.psmTimers : undefined),
    changed() {
      book();
      reportStatus();
      planSleep();
    },
    accepted(isAttach) {
      if (isAttach && network.profile.tellsTime) networkTime();
      if (!isAttach && settings.registrationReport >= 4) port.urc(`+CEREG: ${registration(core)}`);
    },
  });

  const core: Sim7020Core = {
    clock,
    network,
    radio,
    port,
    saved,
    settings,
    model: options.model ?? "SIM7020E",
    resolvesNames: options.resolvesNames ?? true,
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
    restart() {
      radio.off(true);
      start(true);
    },
    planSleep,
  };
  const sockets = createSockets(core);
  const table: CommandTable = { ...commands(core), ...sockets.commands };

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
    const [nextAmps, nextCause] = draw();
    if (nextAmps === amps && nextCause === cause) return;
    amps = nextAmps;
    cause = nextCause;
    meter.set(amps, cause);
    trace("modem", cause.slice("modem: ".length));
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
        return [asleep ? sleepAmps() : idle, "modem: idle"];
      default:
        return [asleep ? figures.sleepMicroamps.value / 1e6 : idle, "modem: idle"];
    }
  }

  function sleepAmps(): number {
    const { pagingCycleSeconds, edrx } = network.profile;
    const cycle = saved.edrxMode && edrx === "asked" ? decodeEdrx(saved.edrxCode) : undefined;
    if (cycle === undefined) return figures.sleepDrxMilliamps.value / 1000;
    return edrxAmps(cycle, decodePagingWindow(saved.pagingWindowCode), pagingCycleSeconds.value);
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
    const readyMs = figures.uartReadyMs.value + random.next() * figures.uartReadySpreadMs.value;
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
    announce("RDY");
    announce("+CFUN: 1");
    boot = clock.after(figures.simReadyMs.value * ms, () => {
      announce("+CPIN: READY");
      if (settings.functionality === 1) radio.on(true);
      boot = clock.after((figures.smsReadyMs.value - figures.simReadyMs.value) * ms, () => announce("SMS Ready"));
    });
  }

  function awake(isUpdate: boolean): void {
    ready();
    announce("+CPIN: READY");
    if (settings.reportPsm) announce('+CPSMSTATUS: "EXIT PSM"');
    radio.wake();
    if (isUpdate) radio.update();
    planSleep();
  }

  function powerDown(): void {
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
    if (!saved.psmMode || sockets.blockPsm) return Infinity;
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
    sleepAlarm = clock.at(dueUs, () => {
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
    if (settings.reportPsm) announce('+CPSMSTATUS: "ENTER PSM"');
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
      if (!supplied) return undefined;
      if (power === "off")
        return clock.nowUs < offAtUs + figures.offToOnMs.value * ms ? undefined : figures.powerOnLowMs.value * ms;
      if (power === "psm") return figures.wakeLowMs.value * ms;
      return power === "on" ? figures.powerOffLowMs.value * ms : undefined;
    },
    pressed() {
      if (power === "off" || power === "psm") return start(power === "off");
      if (power !== "on") return;
      port.urc("NORMAL POWER DOWN");
      powerDown();
    },
  });

  switchedOff();
  return {
    serial: port,
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
    power(on) {
      radio.off(false);
      port.close();
      clock.cancel(boot);
      supplied = on;
      switchedOff();
      offAtUs = -Infinity;
      status?.drive(0);
    },
    causes: sim7020Causes(network.profile),
  };
}
