/** The protocols that meters of a site can speak: one row each, and nothing else of a site knows them by name. */
import { dlms } from "./dlms.ts";
import { dnp3 } from "./dnp3.ts";
import { ftp } from "./ftp.ts";
import { goose } from "./goose.ts";
import { iec102 } from "./iec102.ts";
import { mms } from "./mms.ts";
import { modbus } from "./modbus.ts";
import type { Protocol } from "./protocol.ts";
import { sampledValues } from "./sv.ts";
import { sftp } from "./sftp.ts";
import { snmp } from "./snmp.ts";
import { sntp } from "./sntp.ts";

export type ProtocolTable = readonly Protocol[];

export const protocols: ProtocolTable = [modbus, sftp, ftp, dlms, dnp3, iec102, mms, goose, sampledValues, snmp, sntp];

/** Whether it is a port of the meter's that an entry is, not what stands before its terminals. */
export function isOfMeter({ protocol }: { readonly protocol: string }, table: ProtocolTable = protocols): boolean {
  return table.find(({ name }) => name === protocol)?.besideTheMeter !== true;
}
