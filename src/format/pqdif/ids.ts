/**
 * What the numbers and GUIDs of PQDIF stand for, in words: IEEE 1159.3 (pqdif_lg.h, version 1.5). Longer lists are in characteristics.ts,
 * disturbances.ts and makers.ts.
 */

/** What kind of measurement a channel is: which series it has. */
export const quantityTypes = {
  waveform: "67f6af80-f753-11cf-9d89-0080c72e70a3",
  phasor: "67f6af81-f753-11cf-9d89-0080c72e70a3",
  "value log": "67f6af82-f753-11cf-9d89-0080c72e70a3",
  flash: "67f6af83-f753-11cf-9d89-0080c72e70a3",
  response: "67f6af85-f753-11cf-9d89-0080c72e70a3",
  histogram: "67f6af87-f753-11cf-9d89-0080c72e70a3",
  "3D histogram": "67f6af88-f753-11cf-9d89-0080c72e70a3",
  "cumulative probability": "67f6af89-f753-11cf-9d89-0080c72e70a3",
  XY: "67f6af8a-f753-11cf-9d89-0080c72e70a3",
  "magnitude-duration": "67f6af8b-f753-11cf-9d89-0080c72e70a3",
  XYZ: "67f6af8c-f753-11cf-9d89-0080c72e70a3",
  "magnitude-duration-time": "67f6af8d-f753-11cf-9d89-0080c72e70a3",
  "magnitude-duration-count": "67f6af8e-f753-11cf-9d89-0080c72e70a3",
} as const;

export const valueTypes = {
  value: "67f6af97-f753-11cf-9d89-0080c72e70a3",
  time: "c690e862-f755-11cf-9d89-0080c72e70a3",
  minimum: "67f6af98-f753-11cf-9d89-0080c72e70a3",
  maximum: "67f6af99-f753-11cf-9d89-0080c72e70a3",
  average: "67f6af9a-f753-11cf-9d89-0080c72e70a3",
  instantaneous: "67f6af9b-f753-11cf-9d89-0080c72e70a3",
  "phase angle": "3d786f9d-f76e-11cf-9d89-0080c72e70a3",
  "phase angle of minimum": "dc762340-3c56-11d2-ae44-0060083a2628",
  "phase angle of maximum": "dc762341-3c56-11d2-ae44-0060083a2628",
  "phase angle of average": "dc762342-3c56-11d2-ae44-0060083a2628",
  area: "c7825ce0-8ace-11d3-b92f-0050da2b1f4d",
  latitude: "c690e864-f755-11cf-9d89-0080c72e70a3",
  duration: "c690e863-f755-11cf-9d89-0080c72e70a3",
  longitude: "c690e865-f755-11cf-9d89-0080c72e70a3",
  polarity: "c690e866-f755-11cf-9d89-0080c72e70a3",
  ellipse: "c690e867-f755-11cf-9d89-0080c72e70a3",
  frequency: "c690e868-f755-11cf-9d89-0080c72e70a3",
  bin: "c690e869-f755-11cf-9d89-0080c72e70a3",
  "bin high": "c690e86a-f755-11cf-9d89-0080c72e70a3",
  "bin low": "c690e86b-f755-11cf-9d89-0080c72e70a3",
  "x bin high": "c690e86c-f755-11cf-9d89-0080c72e70a3",
  "x bin low": "c690e86d-f755-11cf-9d89-0080c72e70a3",
  "y bin high": "c690e86e-f755-11cf-9d89-0080c72e70a3",
  "y bin low": "c690e86f-f755-11cf-9d89-0080c72e70a3",
  count: "c690e870-f755-11cf-9d89-0080c72e70a3",
  transition: "5369c260-c347-11d2-923f-00104b2b84b1",
  probability: "6763cc71-17d6-11d4-9f1c-002078e0b723",
  interval: "72e82a40-336c-11d5-a4b3-444553540000",
  status: "b82b5c82-55c7-11d5-a4b3-444553540000",
  "1 % probability": "67f6af9c-f753-11cf-9d89-0080c72e70a3",
  "5 % probability": "67f6af9d-f753-11cf-9d89-0080c72e70a3",
  "10 % probability": "67f6af9e-f753-11cf-9d89-0080c72e70a3",
  "90 % probability": "67f6af9f-f753-11cf-9d89-0080c72e70a3",
  "95 % probability": "c690e860-f755-11cf-9d89-0080c72e70a3",
  "99 % probability": "c690e861-f755-11cf-9d89-0080c72e70a3",
} as const;

export const dataSourceTypes = {
  measured: "e6b51730-f747-11cf-9d89-0080c72e70a3",
  manual: "e6b51731-f747-11cf-9d89-0080c72e70a3",
  simulated: "e6b51732-f747-11cf-9d89-0080c72e70a3",
  benchmark: "e6b51733-f747-11cf-9d89-0080c72e70a3",
  debug: "e6b51734-f747-11cf-9d89-0080c72e70a3",
} as const;

export const instrumentTypes = {
  oscilloscope: "e6b51735-f747-11cf-9d89-0080c72e70a3",
  "frequency recorder": "e6b51736-f747-11cf-9d89-0080c72e70a3",
  "power quality meter": "e6b51737-f747-11cf-9d89-0080c72e70a3",
  "voltage recorder": "e6b51738-f747-11cf-9d89-0080c72e70a3",
  "spectrum analyser": "c690e871-f755-11cf-9d89-0080c72e70a3",
} as const;

// prettier-ignore
export const phases = {
  none: 0, "A-N": 1, "B-N": 2, "C-N": 3, "N-G": 4, "A-B": 5, "B-C": 6, "C-A": 7, residual: 8, net: 9, total: 13,
  "L-N average": 14, "L-L average": 15, worst: 16, "DC plus": 17, "DC minus": 18,
  "general 1": 19, "general 2": 20, "general 3": 21, "general 4": 22, "general 5": 23, "general 6": 24, "general 7": 25, "general 8": 26,
  "general 9": 27, "general 10": 28, "general 11": 29, "general 12": 30, "general 13": 31, "general 14": 32, "general 15": 33,
  "general 16": 34,
} as const;

// prettier-ignore
export const quantitiesMeasured = {
  none: 0, voltage: 1, current: 2, power: 3, energy: 4, temperature: 5, pressure: 6, charge: 7, "electric field": 8, "magnetic field": 9,
  velocity: 10, bearing: 11, force: 12, torque: 13, position: 14, "flux linkage": 15, "flux density": 16, status: 17,
} as const;

/** Units as a file may store them; what values are handed out in is `siUnit` (units.ts). */
// prettier-ignore
export const units = {
  none: 0, timestamp: 1, s: 2, cycles: 3, V: 6, A: 7, VA: 8, W: 9, var: 10, ohm: 11, S: 12, "V/A": 13, J: 14, Hz: 15, "°C": 16, "°": 17,
  dB: 18, "%": 19, "p.u.": 20, samples: 21, varh: 22, Wh: 23, VAh: 24, "m/s": 25, mph: 26, bar: 27, Pa: 28, N: 29, "N·m": 30,
  "r/min": 31, "rad/s": 32, m: 33, "Wb·turns": 34, T: 35, Wb: 36, "V/V": 37, "A/A": 38, "A/V": 39,
} as const;

export const triggerMethods = { none: 0, channel: 1, periodic: 2, external: 3, "periodic statistics": 4 } as const;

/** What made a channel trigger. */
// prettier-ignore
export const channelTriggers = {
  none: 0, "normal to low": 1, "normal to low low": 2, "normal to high": 3, "normal to high high": 4, "low low to low": 5,
  "low low to normal": 6, "low low to high": 7, "low low to high high": 8, "low to low low": 9, "low to normal": 10, "low to high": 11,
  "low to high high": 12, "high to low low": 13, "high to low": 14, "high to normal": 15, "high to high high": 16, "high high to low low": 17,
  "high high to low": 18, "high high to normal": 19, "high high to high": 20, "dead band lower": 21, "dead band higher": 22, periodic: 23,
  manual: 24, "internal cross trigger": 25, "external cross trigger": 26, module: 27, rate: 28,
} as const;

export const transformerTypes = { voltage: 1, current: 2 } as const;

/** How the monitor is connected. */
export const connections = {
  "single phase": 1,
  "2-element delta": 2,
  "2.5-element wye": 3,
  "3-element wye": 4,
  "3-element delta": 5,
  "split phase": 6,
  "2-element 2-phase": 7,
} as const;

/** Bits of tagStorageMethodID; all methods have 1 set but for increments. */
export const storageMethods = { values: 1, scaled: 3, increment: 4, "scaled increment": 6 } as const;
export type StorageMethod = keyof typeof storageMethods;

/** tagCompressionStyleID and tagCompressionAlgorithmID. */
export const compressionStyles = { none: 0, file: 1, record: 2 } as const;
export const compressionAlgorithms = { none: 0, zlib: 1, pkzip: 64 } as const;
