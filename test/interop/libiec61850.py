"""libiec61850 (of pyiec61850-ng) by its functions in C, for the programs beside it.

What is called so lets other threads of Python go on meanwhile. The package's own functions do not: where the library's thread tells of a report while one
of them waits for an answer, both wait for ever.
"""

import ctypes as c
import glob
import os

import pyiec61850

here = os.path.dirname(os.path.dirname(pyiec61850.__file__))
[path] = glob.glob(os.path.join(here, "pyiec61850_ng.libs", "libiec61850-*"))
library = c.CDLL(path)
pointer = c.c_void_p


class CommParameters(c.Structure):
    _fields_ = [("priority", c.c_uint8), ("vlan", c.c_uint16), ("app_id", c.c_uint16), ("address", c.c_uint8 * 6)]


class Identity(c.Structure):
    _fields_ = [("vendor", c.c_char_p), ("model", c.c_char_p), ("revision", c.c_char_p)]


def function(name, result, *arguments):
    made = getattr(library, name)
    made.restype, made.argtypes = result, arguments
    return made


connection_mms = function("IedConnection_getMmsConnection", pointer, pointer)
connection_state = function("IedConnection_getState", c.c_int, pointer)
mms_identify = function("MmsConnection_identify", c.POINTER(Identity), pointer, c.POINTER(c.c_int))
CONNECTED = 2
CONNECTION_LOST = 2


def identified(ied):
    """Who a server is, by a connection's number: vendor, model and revision.

    About once in a hundred associations, more often where the machine has much to do, the library says that it is connected, without an error, and then of
    the first request that the connection is lost, and does not send it. The server has answered octet for octet as always, and neither end has closed.
    Then this ends the program, as one to be tried again.
    """
    error = c.c_int(0)
    identity = mms_identify(connection_mms(ied), error)
    if not identity:
        if error.value == CONNECTION_LOST and connection_state(ied) == CONNECTED:
            os._exit(os.EX_TEMPFAIL)
        raise SystemExit(f"not identified: MMS error {error.value}")
    told = identity.contents
    return [text.decode() for text in (told.vendor, told.model, told.revision)]
