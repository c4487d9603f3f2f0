/** The protocols that meters of a site can speak: one row each, and nothing else of a site knows them by name. */
import { dlms } from "./dlms.ts";
import { dnp3 } from "./dnp3.ts";
import { iec102 } from "./iec102.ts";
import { modbus } from "./modbus.ts";
import type { Protocol } from "./protocol.ts";
import { sftp } from "./sftp.ts";
import { snmp } from "./snmp.ts";
import { sntp } from "./sntp.ts";

export type ProtocolTable = readonly Protocol[];

export const protocols: ProtocolTable = [modbus, sftp, dlms, dnp3, iec102, snmp, sntp];
