/** Workloads and geometries: each meets other boundaries of the journal. */
import type { Workload } from "./campaign.ts";
import type { Geometry, Wake } from "./device.ts";

const repeat = (count: number, wake: Wake): Wake[] => new Array<Wake>(count).fill(wake);

export const geometries: readonly Geometry[] = [
  { pageBytes: 512, pages: 2, deltas: 3 },
  { pageBytes: 512, pages: 3, deltas: 7 },
  { pageBytes: 1024, pages: 4, deltas: 5 },
  { pageBytes: 4096, pages: 3, deltas: 24 },
];

/** Readings that a page holds at most. */
export const perPage = ({ pageBytes, deltas }: Geometry): number =>
  Math.floor((pageBytes - 128) / (28 + 4 * deltas)) * (deltas + 1);

export const workloads = (geometry: Geometry): readonly Workload[] => {
  const page = perPage(geometry);
  return [
    {
      name: "new flash",
      before: [],
      wakes: [{ reset: true, store: 1 }, ...repeat(4, { store: 2 }), { store: 1, release: 5 }],
    },
    {
      name: "group after group",
      before: [{ reset: true, store: 2 }],
      wakes: [...repeat(geometry.deltas + 3, { store: 1 }), { release: 4 }, ...repeat(3, { store: 1, release: 2 })],
    },
    {
      name: "full ring",
      before: [{ reset: true, store: 3 }, ...repeat(geometry.pages, { store: page })],
      approach: { store: 1 },
      wakes: [...repeat(3, { store: 1 }), { release: 2 }, { store: 3 }],
    },
    {
      name: "wrap with releases",
      before: [{ reset: true }, ...repeat(2 * geometry.pages + 1, { store: page >> 1, release: page >> 1 })],
      approach: { store: 1, release: 1 },
      wakes: [...repeat(4, { store: 2, release: 2 }), { release: 1 }],
    },
    {
      name: "upgrade",
      before: [{ reset: true, store: 5 }],
      wakes: [
        { reset: true, store: 3, columns: 5 },
        { store: 5, columns: 5, release: 3 },
        { reset: true, store: 2 },
      ],
    },
    {
      name: "brown-outs",
      before: [{ reset: true, store: 4 }],
      wakes: repeat(6, { reset: true, store: 1, release: 1 }),
    },
  ];
};
