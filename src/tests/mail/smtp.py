"""A mail server for the tests: `smtp.py FOLDER plain|starttls|tls` prints its port, then takes messages.

What it was told goes to FOLDER/said, with `*` before what was told in the clear.
"""

import socket
import ssl
import sys
import threading

folder, manner = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(f"{folder}/cert.pem", f"{folder}/key.pem")
listener = socket.create_server(("0.0.0.0", 0))
print(listener.getsockname()[1], flush=True)


def note(is_encrypted: bool, line: str) -> None:
    with open(f"{folder}/said", "a", encoding="utf-8") as said:
        said.write(f"{'' if is_encrypted else '*'}{line}\n")


def talk(connection: socket.socket) -> None:
    is_encrypted = manner == "tls"
    if is_encrypted:
        connection = context.wrap_socket(connection, server_side=True)
    lines = connection.makefile("rb")
    connection.sendall(b"220 ready\r\n")
    is_data = False
    while raw := lines.readline():
        line = raw.decode().rstrip("\r\n")
        note(is_encrypted, line)
        if is_data:
            is_data = line != "."
            if is_data:
                continue
            answer = "250 taken"
        elif line.startswith("EHLO"):
            offers = manner == "starttls" and not is_encrypted
            answer = "250-here\r\n250-STARTTLS\r\n250 8BITMIME" if offers else "250-here\r\n250 AUTH PLAIN"
        elif line == "STARTTLS":
            connection.sendall(b"220 go on\r\n")
            connection = context.wrap_socket(connection, server_side=True)
            lines = connection.makefile("rb")
            is_encrypted = True
            continue
        elif line.startswith("AUTH"):
            answer = "235 welcome"
        elif line == "DATA":
            answer, is_data = "354 go on", True
        else:
            answer = "250 ok"
        connection.sendall(f"{answer}\r\n".encode())


def serve(connection: socket.socket) -> None:
    try:
        talk(connection)
    except (OSError, ValueError):
        pass
    connection.close()


while True:
    threading.Thread(target=serve, args=[listener.accept()[0]], daemon=True).start()
