/** What has become of messages, as RFC 3418, RFC 3412 and RFC 3414 count them. */
export interface SnmpCounts {
  inPackets: number;
  badVersions: number;
  badCommunityNames: number;
  parseErrors: number;
  silentDrops: number;
  unknownSecurityModels: number;
  invalidMessages: number;
  unknownPduHandlers: number;
  unknownContexts: number;
  unsupportedSecurityLevels: number;
  notInTimeWindows: number;
  unknownUserNames: number;
  unknownEngineIds: number;
  wrongDigests: number;
  decryptionErrors: number;
}

export function noCounts(): SnmpCounts {
  return {
    inPackets: 0,
    badVersions: 0,
    badCommunityNames: 0,
    parseErrors: 0,
    silentDrops: 0,
    unknownSecurityModels: 0,
    invalidMessages: 0,
    unknownPduHandlers: 0,
    unknownContexts: 0,
    unsupportedSecurityLevels: 0,
    notInTimeWindows: 0,
    unknownUserNames: 0,
    unknownEngineIds: 0,
    wrongDigests: 0,
    decryptionErrors: 0,
  };
}
