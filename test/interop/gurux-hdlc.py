"""Gurux for Python reads a meter by HDLC over TCP: PORT, bytes of the server's address (1, 2, 4), information field, window. Prints what it found."""
import socket
import sys
from gurux_dlms import GXByteBuffer, GXDLMSClient, GXReplyData
from gurux_dlms.enums import Authentication, InterfaceType
from gurux_dlms.objects import GXDLMSClock, GXDLMSData

port, address_bytes, info, window = (int(one) for one in sys.argv[1:5])
link = socket.create_connection(("127.0.0.1", port), timeout=5)
# Logical device 1, and behind the upper part the physical device 17.
server = {1: 1, 2: GXDLMSClient.getServerAddress(1, 17, 2), 4: GXDLMSClient.getServerAddress(1, 17, 4)}[address_bytes]
client = GXDLMSClient(True, 16, server, Authentication.NONE, None, InterfaceType.HDLC)
client.serverAddressSize = address_bytes
client.hdlcSettings.maxInfoTX = client.hdlcSettings.maxInfoRX = info
client.hdlcSettings.windowSizeTX = client.hdlcSettings.windowSizeRX = window
frames = 0


def exchange(request, reply):
    """One frame, and what comes for it; more of it as long as there is more."""
    global frames
    reply.clear()
    if not request:
        return
    link.sendall(bytes(request))
    came = GXByteBuffer()
    notify = GXReplyData()
    while not client.getData(came, reply, notify):
        more = link.recv(1024)
        if not more:
            raise EOFError("the meter closed the connection")
        came.set(more)
    frames += 1
    if reply.error:
        raise ValueError("error %d" % reply.error)


def ask(requests, reply):
    for request in requests if isinstance(requests, list) else [requests]:
        exchange(request, reply)
        while reply.isMoreData():
            # isMoreData says whether segments or blocks are to come: both are asked for so.
            data = client.receiverReady(reply)
            link.sendall(bytes(data))
            came = GXByteBuffer()
            notify = GXReplyData()
            while not client.getData(came, reply, notify):
                more = link.recv(1024)
                if not more:
                    raise EOFError("the meter closed the connection")
                came.set(more)
            globals()["frames"] += 1


reply = GXReplyData()
exchange(client.snrmRequest(), reply)
client.parseUAResponse(reply.data)
settings = client.hdlcSettings
print("agreed", settings.maxInfoTX, settings.maxInfoRX, settings.windowSizeTX, settings.windowSizeRX)
for request in client.aarqRequest():
    exchange(request, reply)
client.parseAareResponse(reply.data)
print("conformance", "%06X" % int(client.negotiatedConformance))
clock = GXDLMSClock("0.0.1.0.0.255")
ask(client.read(clock, 1), reply)
print("clock", client.updateValue(clock, 1, reply.value))
before = frames
ask(client.getObjectsRequest(), reply)
objects = client.parseObjects(reply.data, True)
print("objects", len(objects))
print("frames", frames - before)
exchange(client.disconnectRequest(), reply)
print("disconnected")
