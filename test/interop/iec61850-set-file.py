"""libiec61850's client, by pyiec61850-ng, shows a password, gives the server a file (SetFile), and closes the association.

Arguments: the port, the password, a folder with a stroke at its end, the file in it, and its name at the server. Prints the error of SetFile.
"""

import os
import sys

import pyiec61850.pyiec61850 as lib
from libiec61850 import identified

port, password, folder, name, destination = sys.argv[1:]
ied = lib.IedConnection_create()
lib.IedConnection_setFilestoreBasepath(ied, folder)
parameters = lib.MmsConnection_getIsoConnectionParameters(lib.IedConnection_getMmsConnection(ied))
authentication = lib.AcseAuthenticationParameter_create()
lib.AcseAuthenticationParameter_setAuthMechanism(authentication, lib.ACSE_AUTH_PASSWORD)
lib.AcseAuthenticationParameter_setPassword(authentication, password)
lib.IsoConnectionParameters_setAcseAuthenticationParameter(parameters, authentication)
_, error = lib.IedConnection_connect(ied, "127.0.0.1", int(port))
if error != lib.IED_ERROR_OK:
    raise SystemExit(f"not associated: {error}")
identified(int(ied))
print("set", lib.IedConnection_setFile(ied, name, destination)[-1], flush=True)
lib.IedConnection_close(ied)
print("closed", flush=True)
os._exit(0)
