"""gurux_dlms on the other end: walks the whole list of objects of a meter and reads every attribute that it says can be read.

PORT CLIENT none|low|gmac SECRET wrapper|hdlc [PHYSICAL]
"""

import sys

from gurux_dlms.GXDLMSException import GXDLMSException
from gurux_dlms.enums import Authentication, InterfaceType, ObjectType, Security
from gurux_dlms.secure import GXDLMSSecureClient
from gurux_line import Line, say

port, sap, mechanism, secret, framing = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5]
kinds = {"none": Authentication.NONE, "low": Authentication.LOW, "gmac": Authentication.HIGH_GMAC}
is_hdlc = framing == "hdlc"
server = GXDLMSSecureClient.getServerAddress(1, int(sys.argv[6]), 4) if is_hdlc else 1
client = GXDLMSSecureClient(
    True, sap, server, kinds[mechanism], secret, InterfaceType.HDLC if is_hdlc else InterfaceType.WRAPPER
)
client.maxReceivePDUSize = 1024
if mechanism == "gmac":
    client.ciphering.systemTitle = b"GRX\0\0\0\0\1"
    client.ciphering.blockCipherKey = bytes(range(16))
    client.ciphering.authenticationKey = bytes(range(0xD0, 0xE0))
    client.ciphering.security = Security.AUTHENTICATION_ENCRYPTION
    client.ciphering.invocationCounter = int(sys.argv[-1])
ask = Line(client, port).ask

if is_hdlc:
    client.parseUAResponse(ask(client.snrmRequest()).data)
client.parseAareResponse(ask(client.aarqRequest()).data)
if client.isAuthenticationRequired:
    client.parseApplicationAssociationResponse(ask(client.getApplicationAssociationRequest()).data)
reply = ask(client.getObjectsRequest())
# As the list itself has them: of attributes that it does not know, this client says that they can be read.
rights = {(one[0], bytes(one[2]).hex()): one[3][0] for one in reply.value}
objects = client.parseObjects(reply.data, False, False)
read, failed = 0, []
for one in objects:
    name = bytes(map(int, one.logicalName.split("."))).hex()
    for number, mode, _ in rights[(int(one.objectType), name)]:
        if mode & 1 == 0 or (one.objectType == ObjectType.PROFILE_GENERIC and number == 2):
            continue
        try:
            ask(client._read(one.logicalName, one.objectType, number))
            read += 1
        except GXDLMSException as error:
            failed.append([int(one.objectType), one.logicalName, number, error.errorCode])
say("objects", len(objects))
say("read", read)
say("failed", failed)
profiles = [one for one in objects if one.logicalName == "1.0.99.1.0.255"]
for profile in profiles:
    reply = ask(client.read(profile, 3))
    client.updateValue(profile, 3, reply.value)
    reply = ask(client.read(profile, 7))
    count = client.updateValue(profile, 7, reply.value)
    say("columns", [one[0].logicalName for one in profile.captureObjects])
    if len(sys.argv) > 6 and "rows" in sys.argv:
        rows = ask(client.read(profile, 2)).value
        say("rows", [len(rows) >= count, list(rows[0])[1:], list(rows[-1])[1:]])
ask(client.releaseRequest())
if is_hdlc:
    ask(client.disconnectRequest())
say("released", True)
