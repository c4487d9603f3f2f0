"""gurux_dlms on the other end, as a program of its own: reads a meter over the wrapper on TCP, a line of JSON for each thing.

PORT CLIENT none|low|md5|sha1|sha256|gmac SECRET PDU [general]
"""

import sys

from gurux_dlms.GXDLMSAccessItem import GXDLMSAccessItem
from gurux_dlms.GXDLMSException import GXDLMSException
from gurux_dlms.enums import Authentication, InterfaceType, ObjectType, Security, DataType
from gurux_dlms.objects import GXDLMSProfileGeneric, GXDLMSRegister, GXDLMSData, GXDLMSClock
from gurux_dlms.secure import GXDLMSSecureClient
from gurux_dlms.enums.AccessServiceCommandType import AccessServiceCommandType
from gurux_dlms.enums.Conformance import Conformance
from gurux_line import Line, flat, say

port, sap, mechanism, secret, pdu = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5])
kinds = {
    "none": Authentication.NONE,
    "low": Authentication.LOW,
    "md5": Authentication.HIGH_MD5,
    "sha1": Authentication.HIGH_SHA1,
    "sha256": Authentication.HIGH_SHA256,
    "gmac": Authentication.HIGH_GMAC,
}
client = GXDLMSSecureClient(True, sap, 1, kinds[mechanism], secret, InterfaceType.WRAPPER)
client.maxReceivePDUSize = pdu
client.ciphering.systemTitle = b"GRX\0\0\0\0\1"
if mechanism == "gmac":
    client.ciphering.blockCipherKey = bytes(range(16))
    client.ciphering.authenticationKey = bytes(range(0xD0, 0xE0))
    client.ciphering.security = Security.AUTHENTICATION_ENCRYPTION
    client.ciphering.invocationCounter = 1
    if "general" in sys.argv:
        client.proposedConformance |= Conformance.GENERAL_PROTECTION

client.proposedConformance |= Conformance.ACCESS
ask = Line(client, port).ask

def read(target, attribute):
    reply = ask(client.read(target, attribute))
    return client.updateValue(target, attribute, reply.value)


try:
    client.parseAareResponse(ask(client.aarqRequest()).data)
    if client.isAuthenticationRequired:
        client.parseApplicationAssociationResponse(ask(client.getApplicationAssociationRequest()).data)
except Exception as error:
    say("refused", str(error))
    sys.exit(0)
objects = client.parseObjects(ask(client.getObjectsRequest()).data, False, False)
say("objects", [[int(one.objectType), one.version, one.logicalName] for one in objects])
register = GXDLMSRegister("1.0.1.7.0.255")
read(register, 3)
say("value", read(register, 2))
say("unit", [register.scaler, int(register.unit)])
profile = GXDLMSProfileGeneric("1.0.99.1.0.255")
read(profile, 3)
say("captured", [[int(one[0].objectType), one[0].logicalName, one[1].attributeIndex] for one in profile.captureObjects])
rows = ask(client.readRowsByEntry(profile, 2, 3)).value
say("entries", [list(one)[2:] for one in rows])
rows = ask(client.read(profile, 2)).value
say("rows", [len(rows), list(rows[-1])[1:]])
if int(client.negotiatedConformance) & int(Conformance.MULTIPLE_REFERENCES):
    values = []
    for one in flat(client.readList([(register, 2), (register, 3)])):
        values.extend(ask(one).value)
    say("list", [values[0], list(values[1])])
if int(client.negotiatedConformance) & int(Conformance.ACCESS):
    items = [GXDLMSAccessItem(AccessServiceCommandType.GET, register, number) for number in (3, 2)]
    client.parseAccessResponse(items, ask(client.accessRequest(None, items)).data)
    say("access", [items[1].value, [int(one.error) for one in items]])
text = GXDLMSData("0.0.96.1.0.255")
text.value = bytes(k & 0xFF for k in range(900))
text.setDataType(2, DataType.OCTET_STRING)
ask(client.write(text, 2))
say("written", len(ask(client.read(text, 2)).value))
try:
    register.value = 5
    register.setDataType(2, DataType.UINT32)
    ask(client.write(register, 2))
except GXDLMSException as error:
    say("denied", error.errorCode)
if int(client.negotiatedConformance) & int(Conformance.ACTION):
    say("echo", len(ask(client.method(text, 1, bytes(range(100)), DataType.OCTET_STRING)).value))
    # What is returned is short: of long ones it takes the bytes of blocks for the value without its result.
    ask(client.method(GXDLMSRegister("1.0.2.7.0.255"), 1, bytes(k & 0xFF for k in range(700)), DataType.OCTET_STRING))
    say("reset", True)
ask(client.releaseRequest())
say("released", True)
