/** Sensors that give a voltage to an analog pin: a capacitive soil probe, and a thermistor in a divider. */
import type { PartContext } from "../hardware.ts";
import { soilFacts, thermistorFacts } from "./analog-facts.ts";
import { createBody } from "./body.ts";
import { between, clamp, type Part, type Wired, within } from "./part.ts";

const soil = soilFacts.figures;
const ntc = thermistorFacts.figures;

/** The wetter the soil, the lower the voltage; after power-up the output settles within its time. */
export function soilProbe(context: PartContext, { name }: Wired): Part {
  const { clock, random, world } = context;
  const body = createBody(context, name, { active: soil.activeMicroamps });
  let sinceUs = 0;
  const analog = {
    volts() {
      if (!body.powered) return 0;
      const share = clamp(world("soilMoisture") / 100, 0, 1);
      const target = between(soil.dryVolts.value, soil.wetVolts.value, share);
      const risen = 1 - Math.exp((-5 * (clock.nowUs - sinceUs)) / (soil.settlingMs.value * 1000));
      return target * risen + soil.deviationVolts.value * random.normal();
    },
  };
  return body.part({ analog }, () => {
    sinceUs = clock.nowUs;
    body.enter("active");
  });
}

export interface ThermistorWiring extends Wired {
  readonly ohmsAt25?: number | undefined;
  readonly beta?: number | undefined;
  readonly seriesOhms?: number | undefined;
  /** What the divider hangs on, in volts. */
  readonly volts?: number | undefined;
  /** Which of the two is at the supply: the thermistor's other end is at ground unless it is "supply". */
  readonly side?: "ground" | "supply" | undefined;
}

/** Resistance by the B equation; the divider draws its own current while it is fed. */
export function thermistor(context: PartContext, wiring: ThermistorWiring): Part {
  const {
    name,
    ohmsAt25 = ntc.ohmsAt25.value,
    beta = ntc.beta.value,
    seriesOhms = ntc.seriesOhms.value,
    volts = 3.3,
  } = wiring;
  const { random, world } = context;
  const microamps = (volts / (ohmsAt25 + seriesOhms)) * 1e6;
  const source = `${volts} V across ${ohmsAt25} and ${seriesOhms} ohm, at 25 °C`;
  const body = createBody(context, name, { active: { value: microamps, confidence: "computed", source } });
  const gain = 1 + within(random, ntc.tolerance.value);
  const analog = {
    volts() {
      if (!body.powered) return 0;
      const kelvin = world("temperature") + 273.15;
      const ohms = ohmsAt25 * gain * Math.exp(beta * (1 / kelvin - 1 / 298.15));
      const below = wiring.side === "supply" ? seriesOhms : ohms;
      return (volts * below) / (ohms + seriesOhms);
    },
  };
  return body.part({ analog }, () => body.enter("active"));
}
