/** The protocols that meters of a site can speak: one row each, and nothing else of a site knows them by name. */
import { dlms } from "./dlms.ts";
import { modbus } from "./modbus.ts";
import type { Protocol } from "./protocol.ts";
import { sftp } from "./sftp.ts";

export type ProtocolTable = readonly Protocol[];

export const protocols: ProtocolTable = [modbus, sftp, dlms];
