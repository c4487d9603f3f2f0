"""libiec61850's client, by pyiec61850-ng: associates, with a password where one is given, reads who the server is, and ends as it is told.

Arguments: the port, "release" or "abort", and a password or nothing. Prints the error of the association, and the model's name.
"""

import os
import sys
import time

import pyiec61850.pyiec61850 as lib
from libiec61850 import identified

port, end = int(sys.argv[1]), sys.argv[2]
ied = lib.IedConnection_create()
mms = lib.IedConnection_getMmsConnection(ied)
parameters = lib.MmsConnection_getIsoConnectionParameters(mms)
lib.IsoConnectionParameters_setRemoteApTitle(parameters, "1.3.9999.13", 7)
if len(sys.argv) > 3:
    authentication = lib.AcseAuthenticationParameter_create()
    lib.AcseAuthenticationParameter_setAuthMechanism(authentication, lib.ACSE_AUTH_PASSWORD)
    lib.AcseAuthenticationParameter_setPassword(authentication, sys.argv[3])
    lib.IsoConnectionParameters_setAcseAuthenticationParameter(parameters, authentication)
_, error = lib.IedConnection_connect(ied, "127.0.0.1", port)
print("associated" if error == lib.IED_ERROR_OK else "refused", flush=True)
if error == lib.IED_ERROR_OK:
    print(identified(int(ied))[1], flush=True)
    lib.IedConnection_release(ied) if end == "release" else lib.IedConnection_abort(ied)
    # It goes on by itself.
    time.sleep(0.5)
os._exit(0)
