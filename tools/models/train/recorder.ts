/** Lines of a board's console that are samples, to the lines of a CSV table. Everything else it prints is passed over. */

export interface Recorder {
  /** Console text as it arrives, in pieces of any length; gives the table's lines that it completes. */
  receive(text: string): string[];
  readonly count: number;
}

/** @param columns of a sample; a line is one when it holds just so many numbers, with commas between */
export function recorder(columns: number, label: string, group: string): Recorder {
  let rest = "";
  let count = 0;
  return {
    receive(text) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      return lines.flatMap((line) => {
        const cells = line.replace(/[\r>]/g, "").split(",");
        if (cells.length !== columns || cells.some((cell) => cell.trim() === "" || !Number.isFinite(Number(cell)))) return []; // prettier-ignore
        count++;
        return [[...cells.map((cell) => cell.trim()), label, group].join(",")];
      });
    },
    get count() {
      return count;
    },
  };
}
