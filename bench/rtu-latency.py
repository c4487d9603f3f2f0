"""A master on a pseudo-terminal, as plain as can be: prints the device of its other end, and for each line that it is given measures so many
round trips of one read of 10 registers, in microseconds: median and 99th percentile."""

import os
import select
import sys
import time
import tty

REQUEST = bytes.fromhex("01030000000ac5cd")
ANSWER = 5 + 2 * 10

master, slave = os.openpty()
tty.setraw(master)
tty.setraw(slave)
print(os.ttyname(slave), flush=True)
for line in sys.stdin:
    took = []
    for _ in range(int(line)):
        began = time.perf_counter()
        os.write(master, REQUEST)
        got = 0
        while got < ANSWER:
            if not select.select([master], [], [], 2)[0]:
                sys.exit("no answer within 2 s")
            got += len(os.read(master, 256))
        took.append(1e6 * (time.perf_counter() - began))
        # A master keeps silent for a while; the other end has it behind it then.
        time.sleep(0.0005)
    took.sort()
    print(took[len(took) // 2], took[len(took) * 99 // 100], flush=True)
