"""libiec61850's client over TLS, as it is unless somebody sets something: who the server is, or the error of the connection."""

import os
import sys

import pyiec61850.pyiec61850 as iec

from libiec61850 import identified

port, certificate, key, authority = int(sys.argv[1]), *sys.argv[2:]
tls = iec.TLSConfiguration_create()
given = [
    iec.TLSConfiguration_setOwnCertificateFromFile(tls, certificate),
    iec.TLSConfiguration_setOwnKeyFromFile(tls, key, None),
    iec.TLSConfiguration_addCACertificateFromFile(tls, authority),
]
if not all(given):
    raise SystemExit(f"not taken: {given}")
iec.TLSConfiguration_setChainValidation(tls, True)
iec.TLSConfiguration_setAllowOnlyKnownCertificates(tls, False)
connection = iec.IedConnection_createWithTlsSupport(tls)
_, error = iec.IedConnection_connect(connection, "127.0.0.1", port)
if error != iec.IED_ERROR_OK:
    print(f"error {error}")
else:
    print("is", *identified(int(connection)), sep="|")
    iec.IedConnection_release(connection)
sys.stdout.flush()
# It goes on by itself.
os._exit(0)
