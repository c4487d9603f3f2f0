"""What comes of sampled values on an interface, by a socket of the system alone: the first count of every frame, as JSON.

sv-witness.py INTERFACE SECONDS
"""

import json
import socket
import struct
import sys
import time

SAMPLED_VALUES = 0x88BA

listener = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(SAMPLED_VALUES))
listener.bind((sys.argv[1], SAMPLED_VALUES))
listener.settimeout(0.2)
print("running", flush=True)
frames = []
end = time.monotonic() + float(sys.argv[2])
while time.monotonic() < end:
    try:
        frames.append(listener.recv(2000))
    except TimeoutError:
        pass
# The first smpCnt of a frame: tag 82, two octets, behind the name.
places = [frame.index(b"\x82\x02", frame.index(b"MU01")) + 2 for frame in frames]
counts = [struct.unpack(">H", frame[at : at + 2])[0] for frame, at in zip(frames, places)]
print(json.dumps({"counts": counts}))
