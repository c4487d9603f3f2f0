"""gurux_dlms on the other end, as a program of its own: a client with keys, a line of JSON for each thing.

PORT gmac|ecdsa SUITE COUNTER ENCRYPTION AUTHENTICATION [PRIVATE PUBLIC] [transfer MASTER KEY]: keys in hex, PUBLIC is the meter's.
"""

import os
import sys

from gurux_dlms.ecdsa.GXPrivateKey import GXPrivateKey
from gurux_dlms.ecdsa.GXPublicKey import GXPublicKey
from gurux_dlms.enums import Authentication, InterfaceType, Security
from gurux_dlms.objects import GXDLMSRegister, GXDLMSSecuritySetup
from gurux_dlms.objects.enums.GlobalKeyType import GlobalKeyType
from gurux_dlms.objects.enums.SecuritySuite import SecuritySuite
from gurux_dlms.secure import GXDLMSSecureClient
from gurux_line import Line, say

port, mechanism, suite, counter = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
encryption, authentication = (bytes.fromhex(word) for word in sys.argv[5:7])
kinds = {"gmac": Authentication.HIGH_GMAC, "ecdsa": Authentication.HIGH_ECDSA}
client = GXDLMSSecureClient(True, 1, 1, kinds[mechanism], None, InterfaceType.WRAPPER)
client.ciphering.systemTitle = b"GRX\0\0\0\0\1"
client.ciphering.securitySuite = SecuritySuite(suite)
client.ciphering.security = Security.AUTHENTICATION_ENCRYPTION
client.ciphering.blockCipherKey = encryption
client.ciphering.authenticationKey = authentication
client.ciphering.invocationCounter = counter
if mechanism == "ecdsa":
    own = GXPrivateKey.fromRawBytes(bytes.fromhex(sys.argv[7]))
    meter = GXPublicKey.fromRawBytes(b"\4" + bytes.fromhex(sys.argv[8]))
    client.ciphering.signingKeyPair = (meter, own)
    # Its own is shorter than the 32 bytes that ECDSA takes.
    client.ctoSChallenge = os.urandom(32)
ask = Line(client, port).ask

try:
    client.parseAareResponse(ask(client.aarqRequest()).data)
    client.parseApplicationAssociationResponse(ask(client.getApplicationAssociationRequest()).data)
except Exception as error:
    say("refused", str(error))
    sys.exit(0)
volts = GXDLMSRegister("1.0.32.7.0.255")
say("volts", round(client.updateValue(volts, 2, ask(client.read(volts, 2)).value) / 1000))
setup = GXDLMSSecuritySetup("0.0.43.0.0.255")
for attribute in (2, 3, 4, 5):
    client.updateValue(setup, attribute, ask(client.read(setup, attribute)).value)
say("suite", int(setup.securitySuite))
say("titles", [bytes(setup.clientSystemTitle).hex(), bytes(setup.serverSystemTitle).hex()])
if "transfer" in sys.argv:
    at = sys.argv.index("transfer")
    master, key = (bytes.fromhex(word) for word in sys.argv[at + 1 : at + 3])
    ask(setup.globalKeyTransfer(client, master, [(GlobalKeyType.UNICAST_ENCRYPTION, key)]))
    client.ciphering.blockCipherKey = key
    say("transferred", round(client.updateValue(volts, 2, ask(client.read(volts, 2)).value) / 1000))
