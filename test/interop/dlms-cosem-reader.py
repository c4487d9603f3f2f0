"""dlms-cosem on the other end: reads a meter over the wrapper on TCP, a line of JSON for each thing.

PORT CLIENT none|low|gmac SECRET PDU COUNTER [dedicated]
"""

import json
import logging
import sys

import structlog
from dlms_cosem import cosem, enumerations, utils
from dlms_cosem.client import DlmsClient
from dlms_cosem.connection import DlmsConnectionSettings
from dlms_cosem.io import BlockingTcpIO, TcpTransport
from dlms_cosem.security import (
    HighLevelSecurityGmacAuthentication,
    LowLevelSecurityAuthentication,
    NoSecurityAuthentication,
)

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
port, sap, mechanism, secret, pdu = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5])
authentication = {
    "none": NoSecurityAuthentication,
    "low": lambda: LowLevelSecurityAuthentication(secret=secret.encode()),
    "gmac": HighLevelSecurityGmacAuthentication,
}[mechanism]()
keys = (
    dict(
        encryption_key=bytes(range(16)),
        authentication_key=bytes(range(0xD0, 0xE0)),
        client_system_title=b"UNI\0\0\0\0\1",
        client_initial_invocation_counter=int(sys.argv[6]),
        dedicated_ciphering="dedicated" in sys.argv,
    )
    if mechanism == "gmac"
    else {}
)
client = DlmsClient(
    transport=TcpTransport(sap, 1, BlockingTcpIO("127.0.0.1", port)),
    authentication=authentication,
    block_transfer=True,
    max_pdu_size=pdu,
    connection_settings=DlmsConnectionSettings(empty_system_title_in_general_glo_ciphering=False),
    **keys,
)


def say(what, value):
    print(json.dumps([what, value]), flush=True)


def attribute(interface, name, number):
    return cosem.CosemAttribute(interface, cosem.Obis(*map(int, name.split("."))), number)


def read(interface, name, number):
    return utils.parse_as_dlms_data(client.get(attribute(interface, name, number)))


interfaces = enumerations.CosemInterface
client.connect()
try:
    client.associate()
except Exception as error:
    say("refused", str(error))
    sys.exit(0)
say("objects", len(read(interfaces.ASSOCIATION_LN, "0.0.40.0.0.255", 2)))
say("value", read(interfaces.REGISTER, "1.0.1.7.0.255", 2))
say("unit", read(interfaces.REGISTER, "1.0.1.7.0.255", 3))
say("captured", len(read(interfaces.PROFILE_GENERIC, "1.0.99.1.0.255", 3)))
# Its values have no float32: the bytes of the rows, which come in blocks.
say("rows", len(client.get(attribute(interfaces.PROFILE_GENERIC, "1.0.99.1.0.255", 2))))
client.release_association()
client.disconnect()
say("released", True)
