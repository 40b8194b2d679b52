/**
 * The one vocabulary of quantities. On the device a quantity is a small tuple (only the ones in use are bundled);
 * values are stored and sent as whole numbers of 1/scale units. Codes travel inside uplinks: never renumber, only add.
 */
export type Quantity<Name extends string = string> = readonly [
  name: Name,
  /** 1 to 31. */
  code: number,
  /** Steps per unit. */
  scale: number,
  /** Bytes in a stored record: 2 or 4, signed. */
  bytes: 2 | 4,
];

export const TEMPERATURE = ["temperature", 1, 100, 2] as const satisfies Quantity;
export const HUMIDITY = ["humidity", 2, 100, 2] as const satisfies Quantity;
export const VOLTAGE = ["voltage", 3, 1000, 2] as const satisfies Quantity;
export const CONTACT = ["contact", 4, 1, 2] as const satisfies Quantity;

/** The same for the host: names to codes, units and scales. Nothing on the device refers to it. */
export const quantities: Readonly<
  Record<string, { readonly code: number; readonly unit: string; readonly scale: number }>
> = {
  temperature: { code: TEMPERATURE[1], unit: "°C", scale: TEMPERATURE[2] },
  humidity: { code: HUMIDITY[1], unit: "%RH", scale: HUMIDITY[2] },
  voltage: { code: VOLTAGE[1], unit: "V", scale: VOLTAGE[2] },
  contact: { code: CONTACT[1], unit: "", scale: CONTACT[2] },
};
