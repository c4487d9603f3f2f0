/** Where entries of buffered reports of a JEMStar II lie, port by port: in its store. */
import type { ReportStore } from "#protocol/iec61850/server/host.ts";
import type { MeterStore } from "#store/store.ts";

const REPORTS = "iec61850/";

/** Keys of one port in the meter's store. */
export function reportsOn(store: MeterStore, port: string): ReportStore {
  const prefix = `${REPORTS}${port}/`;
  return {
    get: (key) => store.get(`${prefix}${key}`),
    put: (key, bytes) => store.put(`${prefix}${key}`, bytes),
    remove: (key) => store.remove(`${prefix}${key}`),
    *entries(of) {
      for (const [key, bytes] of store.entries(`${prefix}${of}`)) yield [key.slice(prefix.length), bytes];
    },
  };
}

/** Nothing of what buffered reports keep is gone on from. */
export function forgetReports(store: MeterStore): void {
  for (const [key] of store.entries(REPORTS)) store.remove(key);
}
