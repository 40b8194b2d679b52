/** Flash operations as the firmware makes them: they take time, and a power cut leaves them half done. */
import { FLASH_BYTES, PAGE_BYTES, flashTimes, programUs } from "./flash.ts";
import { HALT, type Machine } from "./machine.ts";

export interface FlashDriver {
  /** A look at the bytes: copy what is kept. */
  read(address: number, length: number): Uint8Array;
  write(address: number, data: Uint8Array): void;
  erasePage(address: number): void;
  /** Whole pages of a range, or what is left of it at once when the area is large: 64 KB blocks are not used. */
  erasePages(address: number, length: number): void;
}

export function flashDriver(
  machine: Pick<Machine, "flash" | "clock" | "spend" | "check" | "observe" | "draw">,
): FlashDriver {
  const { flash, clock } = machine;

  /** Spends `us`; when the chip dies meanwhile, `torn` gets the part of the operation that was done. */
  function during(us: number, torn: (done: number) => void): void {
    const fromUs = clock.nowUs;
    try {
      machine.spend(us);
    } catch (error) {
      if (error === HALT) torn(Math.min(1, (clock.nowUs - fromUs) / us));
      throw error;
    } finally {
      machine.draw("flash write", Math.min(us, clock.nowUs - fromUs) / 1e6);
    }
  }

  const driver: FlashDriver = {
    read(address, length) {
      machine.spend(length * flashTimes.readByteUs);
      const data = flash.view(address, length);
      machine.observe?.({ atUs: clock.nowUs, bus: "flash", kind: "read", address, data: data.slice() });
      return data;
    },
    write(address, data) {
      if (!data.length || address < 0 || address + data.length > FLASH_BYTES) return machine.check();
      during(programUs(address, data.length), (done) =>
        flash.program(address, data.subarray(0, Math.floor(done * data.length))),
      );
      flash.program(address, data);
      machine.observe?.({ atUs: clock.nowUs, bus: "flash", kind: "write", address, data });
    },
    erasePage(address) {
      // How far a cut erase got cannot be known: the first part of the page, by the share of the time.
      during(flashTimes.pageErase4kUs, (done) => flash.erase(address, Math.floor(done * PAGE_BYTES)));
      flash.erase(address);
      machine.observe?.({ atUs: clock.nowUs, bus: "flash", kind: "erase", address, data: new Uint8Array(0) });
    },
    erasePages(address, length) {
      for (let page = address - (address % PAGE_BYTES); page < address + length; page += PAGE_BYTES)
        driver.erasePage(page);
    },
  };
  return driver;
}

/** Writes without a clock, for images that are prepared before the device is switched on. */
export function rawFlash(flash: Machine["flash"]): FlashDriver {
  return {
    read: (address, length) => flash.view(address, length),
    write: (address, data) => flash.program(address, data),
    erasePage: (address) => flash.erase(address),
    erasePages(address, length) {
      for (let page = address - (address % PAGE_BYTES); page < address + length; page += PAGE_BYTES) flash.erase(page);
    },
  };
}
