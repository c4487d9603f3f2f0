/** What carries sampled values, as site files, URLs and documents name it (IEC 61850-9-2). */
import { SV_TYPE } from "./sv-frame.ts";

export const svTransports = [
  { name: "ethernet", over: "ethernet", etherType: SV_TYPE, scheme: "sv", form: "sv://interface" },
] as const;
