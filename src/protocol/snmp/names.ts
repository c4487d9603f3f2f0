/** Where things stand: RFC 3418, RFC 3411, RFC 3412, RFC 3414, and docs/mib/POLYPHASE-METER-MIB.txt. */
import { ENTERPRISE } from "./engine.ts";
import type { Oid } from "./oid.ts";

const internet: Oid = [1, 3, 6, 1];
const modules: Oid = [...internet, 6, 3];

export const system: Oid = [...internet, 2, 1, 1];
export const snmpGroup: Oid = [...internet, 2, 1, 11];
export const snmpEngineGroup: Oid = [...modules, 10, 2, 1];
/** snmpUnknownSecurityModels, snmpInvalidMsgs, snmpUnknownPDUHandlers. */
export const messageStats: Oid = [...modules, 11, 2, 1];
export const targetGroup: Oid = [...modules, 12, 1];
export const unknownContexts: Oid = [...targetGroup, 5, 0];
export const usmStats: Oid = [...modules, 15, 1, 1];

export const sysUpTime: Oid = [...system, 3, 0];
export const snmpTrapOid: Oid = [...modules, 1, 1, 4, 1, 0];
const traps: Oid = [...modules, 1, 1, 5];
export const coldStart: Oid = [...traps, 1];
export const authenticationFailure: Oid = [...traps, 5];

/** What stands in for a number of our own, beside the examples of others. */
export const polyphase: Oid = [...internet, 4, 1, ENTERPRISE, 7659];
export const meterProduct: Oid = [...polyphase, 2, 1];
export const meterMib: Oid = [...polyphase, 1];
export const meterNotifications: Oid = [...meterMib, 0];
const objects: Oid = [...meterMib, 1];
export const identityGroup: Oid = [...objects, 1];
export const statusGroup: Oid = [...objects, 2];
export const measureEntry: Oid = [...objects, 3, 1];
export const energyEntry: Oid = [...objects, 4, 1];
export const demandEntry: Oid = [...objects, 5, 1];
export const registerEntry: Oid = [...objects, 6, 1];
export const alarmEntry: Oid = [...objects, 7, 1];
