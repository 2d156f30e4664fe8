"""Holds HTTP responses that are never read, for row P21: hold.py PORT CONNECTIONS.

Writes `held` once all requests are sent, keeps the connections until standard input ends, then writes how many the
server has closed by then.
"""

import select
import socket
import sys

PIPELINED = 6  # requests for a file of 500 kB on each: the system takes 2.8 MB of a connection off the server's hands

port, count = int(sys.argv[1]), int(sys.argv[2])
request = f"GET /pkg/opentill.wasm HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode() * PIPELINED
held = []
for _ in range(count):
    line = socket.socket()
    # As little as possible is taken off the server's hands.
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect(("127.0.0.1", port))
    line.sendall(request)
    held.append(line)
print("held", flush=True)
sys.stdin.read()
poll = select.poll()
for line in held:
    poll.register(line, select.POLLHUP | select.POLLERR)
print(len(poll.poll(0)))
