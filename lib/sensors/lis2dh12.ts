/** STMicroelectronics LIS2DH12: acceleration. To the driver it is a LIS3DH; the two cannot even be told apart. */
import { facts as lis3dhFacts } from "./lis3dh.ts";
import type { PartFacts } from "./part-facts.ts";

export { lis3dh as lis2dh12 } from "./lis3dh.ts";
export { lis3dhMotion as lis2dh12Motion } from "./lis3dh-motion.ts";
export { lis3dhWindow as lis2dh12Window } from "./lis3dh-window.ts";

export const facts = (): PartFacts => ({
  ...lis3dhFacts(),
  title: "STMicroelectronics LIS2DH12",
  datasheet: "DocID025056 revision 6; registers: ST's driver lis2dh12-pid",
  notes: [
    ...lis3dhFacts().notes,
    "With SA0 tied low its pull-up leaks: bit 7 of register 0x1E disconnects it, or tie SA0 high and use address 0x19.",
  ],
});
