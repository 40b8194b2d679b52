/** Maxim DS3231 clock: calendar, two alarms on the INT/SQW pin, a thermometer. Its battery keeps it going. */
import type { Alarm } from "../clock.ts";
import type { PartContext } from "../hardware.ts";
import { createBody } from "./body.ts";
import { facts } from "./ds3231-facts.ts";
import { between, type I2cWiring, type Part, within } from "./part.ts";
import { byteRegisters } from "./registers.ts";
import { createCalendar, fromBcd, toBcd, type Matches } from "./rtc-calendar.ts";

const { figures, addresses } = facts;

export interface Ds3231Wiring extends I2cWiring {
  /** A cell at VBAT; there is one unless stated. Its own charge is not the node's. */
  readonly battery?: boolean | undefined;
}

const [SECONDS, MINUTES, HOURS, DAY, DATE, MONTH, YEAR] = [0, 1, 2, 3, 4, 5, 6];
const [ALARM_1, ALARM_2, CONTROL, STATUS, TEMPERATURE] = [0x07, 0x0b, 0x0e, 0x0f, 0x11];
const LAST = 0x12;
const [EOSC, CONV, INTCN] = [0x80, 0x20, 0x04];
const [OSF, EN32KHZ, BUSY] = [0x80, 0x08, 0x04];
const [TWELVE_HOURS, AFTERNOON, CENTURY, BY_WEEKDAY, ANY] = [0x40, 0x20, 0x80, 0x40, 0x80];

export function ds3231(
  context: PartContext,
  { name, address = addresses[0], lines, battery = true }: Ds3231Wiring,
): Part {
  const { clock, random, world } = context;
  const body = createBody(context, name, {
    standby: [figures.standbyMicroamps, figures.conversionPeriodSeconds],
    converting: figures.convertingMicroamps,
  });
  const calendar = createCalendar(clock, within(random, figures.driftPpm.value), [1, 7]);
  const errorCelsius = within(random, figures.accuracyCelsius.value);
  const registers = new Uint8Array(LAST + 1);
  let twelve = false;
  let running = false;
  let alarms: (Alarm | undefined)[] = [];
  let convertedAt = -Infinity;

  const register = (at: number): number => registers[at]!;

  function hourFrom(byte: number): number {
    if (!(byte & TWELVE_HOURS)) return fromBcd(byte & 0x3f);
    return (fromBcd(byte & 0x1f) % 12) + (byte & AFTERNOON ? 12 : 0);
  }

  function hourByte(hour: number): number {
    if (!twelve) return toBcd(hour);
    return TWELVE_HOURS | (hour >= 12 ? AFTERNOON : 0) | toBcd(hour % 12 || 12);
  }

  /** What an alarm's registers ask for; a set top bit leaves a field out. */
  function matches(at: number): Matches {
    const bytes = [...registers.subarray(at, at + (at === ALARM_1 ? 4 : 3))];
    const [day, hour, minute, second] = bytes.reverse() as [number, number, number, number?];
    const wanted = (byte: number, of: (byte: number) => number): number | undefined =>
      byte & ANY ? undefined : of(byte & 0x7f);
    return {
      // Alarm 2 has no seconds: it comes with the minute.
      second: second === undefined ? 0 : wanted(second, fromBcd),
      minute: wanted(minute, fromBcd),
      hour: wanted(hour, hourFrom),
      ...(day & ANY ? {} : day & BY_WEEKDAY ? { weekday: day & 0x0f } : { date: fromBcd(day & 0x3f) }),
    };
  }

  function schedule(): void {
    for (const alarm of alarms) clock.cancel(alarm);
    if (!running) return;
    alarms = [ALARM_1, ALARM_2].map((at, index) => {
      const flag = 1 << index;
      // A flag that is set stays: the next match tells nothing new.
      if (register(STATUS) & flag) return undefined;
      const seconds = calendar.nextMatch(matches(at));
      if (seconds === Infinity) return undefined;
      return clock.at(calendar.atUs(seconds), () => {
        registers[STATUS]! |= flag;
        show();
      });
    });
  }

  function show(): void {
    const active = register(CONTROL) & INTCN && register(STATUS) & register(CONTROL) & 3;
    lines?.["int"]?.drive(active ? 0 : 1);
  }

  function convert(): void {
    const steps = Math.round((world("temperature") + errorCelsius) / figures.resolutionCelsius.value);
    registers[TEMPERATURE] = (steps >> 2) & 0xff;
    registers[TEMPERATURE + 1] = (steps & 3) << 6;
    convertedAt = clock.now;
  }

  /** Conversions come by themselves; their charge is part of the standby current. */
  function catchUp(): void {
    if (clock.now - convertedAt >= figures.conversionPeriodSeconds.value) convert();
  }

  function convertNow(): void {
    body.enter("converting");
    registers[STATUS]! |= BUSY;
    const ms = between(figures.conversionMs.value, figures.conversionLongestMs.value, random.next());
    body.occupy(ms * 1000, () => {
      convert();
      registers[CONTROL]! &= ~CONV;
      registers[STATUS]! &= ~BUSY;
      body.enter("standby");
    });
  }

  function read(at: number): number {
    const { second, minute, hour, weekday, date, month, year } = calendar.fields;
    if (at > YEAR) return register(at);
    return [
      toBcd(second), toBcd(minute), hourByte(hour), weekday, toBcd(date),
      toBcd(month) | (year >= 100 ? CENTURY : 0), toBcd(year % 100),
    ][at]!; // prettier-ignore
  }

  function write(at: number, value: number): void {
    const century = calendar.fields.year >= 100 ? 100 : 0;
    if (at === SECONDS) calendar.set({ second: fromBcd(value & 0x7f) });
    else if (at === MINUTES) calendar.set({ minute: fromBcd(value & 0x7f) });
    else if (at === HOURS) {
      twelve = (value & TWELVE_HOURS) !== 0;
      calendar.set({ hour: hourFrom(value) });
    } else if (at === DAY) calendar.set({ weekday: value & 7 });
    else if (at === DATE) calendar.set({ date: fromBcd(value & 0x3f) });
    else if (at === MONTH) {
      const year = (calendar.fields.year % 100) + (value & CENTURY ? 100 : 0);
      calendar.set({ month: fromBcd(value & 0x1f), year });
    } else if (at === YEAR) calendar.set({ year: century + fromBcd(value) });
    else if (at === STATUS) {
      // Flags can only be cleared.
      const kept = register(STATUS) & (value | ~(OSF | 3));
      registers[STATUS] = (kept & ~EN32KHZ) | (value & EN32KHZ);
    } else if (at < TEMPERATURE) registers[at] = value;
    if (at === CONTROL && value & CONV && !(register(STATUS) & BUSY)) convertNow();
    schedule();
    show();
  }

  const i2c = body.i2c(address, {
    ...byteRegisters({
      read(at) {
        catchUp();
        return read(at);
      },
      write,
      pointer: (byte) => Math.min(byte, LAST),
      next: (at) => (at === LAST ? 0 : at + 1),
    }),
  });

  function start(): void {
    body.enter("standby");
    if (running) return;
    running = true;
    registers.fill(0);
    registers[CONTROL] = 0x1c;
    registers[STATUS] = OSF | EN32KHZ;
    twelve = false;
    // Undefined by the datasheet; modules show this date.
    calendar.set({ second: 0, minute: 0, hour: 0, weekday: 1, date: 1, month: 1, year: 0 });
    convert();
    schedule();
    show();
  }

  return body.part({ i2c }, start, () => {
    registers[STATUS]! &= ~BUSY;
    // With EOSC set the oscillator stops on the battery.
    if (battery && !(register(CONTROL) & EOSC)) return;
    running = false;
    for (const alarm of alarms) clock.cancel(alarm);
    lines?.["int"]?.drive(1);
  });
}
