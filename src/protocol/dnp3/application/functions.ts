/** Function codes of application fragments (IEEE 1815 clause 4.4). */

export const functions = {
  confirm: 0,
  read: 1,
  write: 2,
  select: 3,
  operate: 4,
  directOperate: 5,
  directOperateNoResponse: 6,
  freeze: 7,
  freezeNoResponse: 8,
  freezeClear: 9,
  freezeClearNoResponse: 10,
  freezeAtTime: 11,
  freezeAtTimeNoResponse: 12,
  coldRestart: 13,
  warmRestart: 14,
  initializeData: 15,
  initializeApplication: 16,
  startApplication: 17,
  stopApplication: 18,
  saveConfiguration: 19,
  enableUnsolicited: 20,
  disableUnsolicited: 21,
  assignClass: 22,
  delayMeasure: 23,
  recordCurrentTime: 24,
  openFile: 25,
  closeFile: 26,
  deleteFile: 27,
  fileInformation: 28,
  authenticateFile: 29,
  abortFile: 30,
  activateConfiguration: 31,
  authenticate: 32,
  authenticateNoResponse: 33,
  response: 129,
  unsolicited: 130,
  authenticationResponse: 131,
} as const;

export type FunctionName = keyof typeof functions;

const names = new Map<number, FunctionName>(
  Object.entries(functions).map(([name, code]) => [code, name as FunctionName]),
);

/** The function of a code; undefined of one that the standard has not given away. */
export function functionName(code: number): FunctionName | undefined {
  return names.get(code);
}

/** What an outstation says: solicited, unsolicited, and of authentication. */
export function isResponse(code: number): boolean {
  return code >= 0x80;
}

/** Requests that are never answered, whatever becomes of them. */
export const unanswered: ReadonlySet<number> = new Set([
  functions.confirm,
  functions.directOperateNoResponse,
  functions.freezeNoResponse,
  functions.freezeClearNoResponse,
  functions.freezeAtTimeNoResponse,
  functions.authenticateNoResponse,
]);
