#!/usr/bin/env python3
"""What the examples of services and health checks stand before: small servers for TCP, SCTP, SMTP, DNS and UDP.

While there is a file /run/answers/NAME, the server of that name is shut.
"""

import os
import select
import socket
import sys
import time

SHUT = "/run/answers"


def greet(connection, name):
    """Says who it is, and with which weight it wishes to be used."""
    connection.sendall(f"{name} {socket.gethostname()} weight 10\n".encode())


def smtp(connection, _name):
    """As much of SMTP as a health check speaks."""
    connection.sendall(b"220 mail ESMTP\r\n")
    for line in connection.makefile("rb"):
        quit = line.upper().startswith(b"QUIT")
        connection.sendall(b"221 bye\r\n" if quit else b"250 fine\r\n")
        if quit:
            return


def dns(datagram):
    """One A record, 10.77.0.100, whatever is asked."""
    end = 12
    while end < len(datagram) and datagram[end]:
        end += datagram[end] + 1
    question = datagram[12 : end + 5]
    answer = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x0a\x4d\x00\x64"
    return datagram[:2] + b"\x85\x80\x00\x01\x00\x01\x00\x00\x00\x00" + question + answer


def echo(datagram):
    """What it was sent."""
    return datagram


TCP, UDP, SCTP = socket.IPPROTO_TCP, socket.IPPROTO_UDP, socket.IPPROTO_SCTP
SERVERS = {
    "connect": (TCP, 7000, greet),
    "ping": (TCP, 8001, greet),
    "file": (TCP, 8002, greet),
    "script": (TCP, 8003, greet),
    "mail": (TCP, 25, smtp),
    "names": (UDP, 53, dns),
    "echo": (UDP, 7007, echo),
    "signals": (SCTP, 2905, greet),
}


def opened(protocol, port):
    """A socket on all addresses of both families."""
    kind = socket.SOCK_DGRAM if protocol == UDP else socket.SOCK_STREAM
    one = socket.socket(socket.AF_INET6, kind, protocol)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    one.bind(("::", port))
    if protocol != UDP:
        one.listen(64)
    return one


def serve(name, protocol, port, answer):
    """Answers one after the other; shut while the file is there."""
    one = None
    while True:
        if os.path.exists(f"{SHUT}/{name}"):
            if one:
                one.close()
            one = None
            time.sleep(0.1)
            continue
        one = one or opened(protocol, port)
        if not select.select([one], [], [], 0.1)[0]:
            continue
        try:
            if protocol == UDP:
                # An answer comes from the address that was asked, which with direct routing is the VIP.
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
                datagram, about, _flags, client = one.recvmsg(2048, 256)
                about = [(level, what, data) for level, what, data in about if what == socket.IPV6_PKTINFO]
                one.sendmsg([answer(datagram)], about, 0, client)
            else:
                connection, _client = one.accept()
                with connection:
                    connection.settimeout(3)
                    answer(connection, name)
        except OSError as error:
            print(f"{name}: {error}", file=sys.stderr)


def main():
    os.makedirs(SHUT, exist_ok=True)
    for name, of in SERVERS.items():
        if os.fork() == 0:
            # A kernel without the module of SCTP does without that server.
            try:
                serve(name, *of)
            except OSError as error:
                print(f"{name}: {error}", file=sys.stderr)
                os._exit(0)
    while True:
        os.wait()


main()
