/** NXP PCF8563 clock: calendar, an alarm by the minute and a countdown timer on the open-drain INT pin. */
import type { Alarm } from "../clock.ts";
import type { PartContext } from "../hardware.ts";
import { createBody } from "./body.ts";
import { type I2cWiring, type Part, within } from "./part.ts";
import { facts, timerHertz } from "./pcf8563-facts.ts";
import { byteRegisters } from "./registers.ts";
import { createCalendar, fromBcd, toBcd, type Matches } from "./rtc-calendar.ts";

const { figures, addresses } = facts;

const [CONTROL_1, CONTROL_2, SECONDS, MINUTES, HOURS, DAYS, WEEKDAYS, MONTHS, YEARS] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const [MINUTE_ALARM, WEEKDAY_ALARM, CLKOUT, TIMER_CONTROL, TIMER] = [0x09, 0x0c, 0x0d, 0x0e, 0x0f];
const [PULSED, ALARM_FLAG, TIMER_FLAG, ALARM_ENABLE, TIMER_ENABLE] = [0x10, 0x08, 0x04, 0x02, 0x01];
const [VOLTAGE_LOW, CENTURY, LEFT_OUT] = [0x80, 0x80, 0x80];

export function pcf8563(context: PartContext, { name, address = addresses[0], lines }: I2cWiring): Part {
  const { clock, random } = context;
  const body = createBody(context, name, {
    quiet: figures.quietMicroamps,
    "clock out": figures.clockOutMicroamps,
  });
  const calendar = createCalendar(clock, within(random, figures.driftPpm.value), [0, 6]);
  const registers = new Uint8Array(16);
  let voltageLow = true;
  let century = 0;
  let alarm: Alarm | undefined;
  let timer: Alarm | undefined;
  let timerEndUs = Infinity;
  let pulse = false;

  const register = (at: number): number => registers[at]!;
  const timerUs = (): number => (1e6 / timerHertz[register(TIMER_CONTROL) & 3]!) * register(TIMER);

  function show(): void {
    const control = register(CONTROL_2);
    const byAlarm = control & ALARM_ENABLE && control & ALARM_FLAG;
    const byTimer = control & TIMER_ENABLE && (control & PULSED ? pulse : control & TIMER_FLAG);
    lines?.["int"]?.drive(byAlarm || byTimer ? 0 : 1);
  }

  function scheduleAlarm(): void {
    clock.cancel(alarm);
    const field = (index: number, mask: number): number | undefined => {
      const byte = register(MINUTE_ALARM + index);
      return byte & LEFT_OUT ? undefined : fromBcd(byte & mask);
    };
    const wanted: Matches = {
      minute: field(0, 0x7f),
      hour: field(1, 0x3f),
      date: field(2, 0x3f),
      weekday: field(3, 7),
    };
    if (Object.values(wanted).every((value) => value === undefined)) return;
    // It fires on the step into the match, at the full minute.
    const seconds = calendar.nextMatch({ ...wanted, second: 0 });
    if (seconds === Infinity) return;
    alarm = clock.at(calendar.atUs(seconds), () => {
      registers[CONTROL_2]! |= ALARM_FLAG;
      show();
      scheduleAlarm();
    });
  }

  function scheduleTimer(): void {
    clock.cancel(timer);
    timerEndUs = Infinity;
    if (!(register(TIMER_CONTROL) & 0x80) || register(TIMER) === 0) return;
    timerEndUs = clock.nowUs + timerUs();
    timer = clock.at(timerEndUs, () => {
      registers[CONTROL_2]! |= TIMER_FLAG;
      pulse = true;
      show();
      clock.after(figures.timerPulseMs.value * 1000, () => {
        pulse = false;
        show();
      });
      scheduleTimer();
    });
  }

  function read(at: number): number {
    const { second, minute, hour, date, weekday, month, year } = calendar.fields;
    switch (at) {
      case SECONDS:
        return toBcd(second) | (voltageLow ? VOLTAGE_LOW : 0);
      case MINUTES:
        return toBcd(minute);
      case HOURS:
        return toBcd(hour);
      case DAYS:
        return toBcd(date);
      case WEEKDAYS:
        return weekday;
      case MONTHS:
        // The century bit toggles when the years overflow.
        return toBcd(month) | (year >= 100 ? century ^ CENTURY : century);
      case YEARS:
        return toBcd(year % 100);
      case TIMER: {
        if (timerEndUs === Infinity) return register(TIMER);
        return Math.ceil(((timerEndUs - clock.nowUs) / 1e6) * timerHertz[register(TIMER_CONTROL) & 3]!) & 0xff;
      }
      default:
        return register(at);
    }
  }

  function write(at: number, value: number): void {
    if (at === SECONDS) {
      voltageLow = (value & VOLTAGE_LOW) !== 0;
      calendar.set({ second: fromBcd(value & 0x7f) });
    } else if (at === MINUTES) calendar.set({ minute: fromBcd(value & 0x7f) });
    else if (at === HOURS) calendar.set({ hour: fromBcd(value & 0x3f) });
    else if (at === DAYS) calendar.set({ date: fromBcd(value & 0x3f) });
    else if (at === WEEKDAYS) calendar.set({ weekday: value & 7 });
    else if (at === MONTHS) {
      century = value & CENTURY;
      calendar.set({ month: fromBcd(value & 0x1f), year: calendar.fields.year % 100 });
    } else if (at === YEARS) calendar.set({ year: fromBcd(value) });
    else if (at === CONTROL_2) {
      // A flag survives where a one is written.
      const flags = register(CONTROL_2) & value & (ALARM_FLAG | TIMER_FLAG);
      registers[CONTROL_2] = (value & (PULSED | ALARM_ENABLE | TIMER_ENABLE)) | flags;
    } else registers[at] = value;
    if (at === TIMER || at === TIMER_CONTROL) scheduleTimer();
    if (at === CLKOUT) draw();
    if (at <= WEEKDAY_ALARM) scheduleAlarm();
    show();
  }

  function draw(): void {
    const fast = (register(CLKOUT) & 0x83) === 0x80;
    body.enter(fast ? "clock out" : "quiet");
  }

  const i2c = body.i2c(
    address,
    byteRegisters({ read, write, pointer: (byte) => byte & 15, next: (at) => (at + 1) & 15 }),
  );

  function stop(): void {
    clock.cancel(alarm);
    clock.cancel(timer);
    timerEndUs = Infinity;
    lines?.["int"]?.drive(1);
  }

  return body.part(
    { i2c },
    () => {
      registers.fill(0);
      registers[CONTROL_1] = 0x08;
      registers.fill(LEFT_OUT, MINUTE_ALARM, WEEKDAY_ALARM + 1);
      registers[CLKOUT] = 0x80;
      registers[TIMER_CONTROL] = 0x03;
      voltageLow = true;
      century = 0;
      calendar.set({ second: 0, minute: 0, hour: 0, weekday: 0, date: 1, month: 1, year: 0 });
      draw();
      show();
    },
    stop,
  );
}
