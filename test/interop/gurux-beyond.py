"""Gurux for Python reads all objects of a meter through the wrapper over TCP: PORT. Prints a line for each attribute: class, name, attribute, value."""
import socket
import sys
from gurux_dlms import GXByteBuffer, GXDLMSClient, GXReplyData
from gurux_dlms.enums import Authentication, InterfaceType, ObjectType

link = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5)
client = GXDLMSClient(True, 16, 1, Authentication.NONE, None, InterfaceType.WRAPPER)


def exchange(request, reply):
    """One message, and what comes for it."""
    link.sendall(bytes(request))
    came = GXByteBuffer()
    notify = GXReplyData()
    while not client.getData(came, reply, notify):
        more = link.recv(65536)
        if not more:
            raise EOFError("the meter closed the connection")
        came.set(more)


def ask(requests):
    """What is answered, block after block."""
    reply = GXReplyData()
    for request in requests if isinstance(requests, list) else [requests]:
        reply.clear()
        exchange(request, reply)
        while reply.isMoreData():
            exchange(client.receiverReady(reply), reply)
    return reply


def words(value):
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).hex()
    if isinstance(value, (list, tuple)):
        return "[%s]" % ", ".join(words(one) for one in value)
    return str(value).replace("\n", " ")


client.parseAareResponse(ask(client.aarqRequest()).data)
objects = client.parseObjects(ask(client.getObjectsRequest()).data, True)
for one in objects:
    attributes = list(range(2, one.getAttributeCount() + 1))
    # Rows are read by their columns.
    if one.objectType == ObjectType.PROFILE_GENERIC:
        attributes[:2] = [3, 2]
    for attribute in attributes:
        at = "%d %s %d" % (int(one.objectType), one.logicalName, attribute)
        try:
            reply = ask(client.read(one, attribute))
            if reply.error:
                print(at, "error", reply.error)
                continue
            client.updateValue(one, attribute, reply.value)
            print(at, "=", words(one.getValues()[attribute - 1]))
        except Exception as error:  # Whatever it is, it is a finding.
            print(at, "FAILED", type(error).__name__, error)
