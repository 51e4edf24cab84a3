"""Ports of loopback on which a test's own servers may listen."""

import socket


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def free_ports() -> int:
    """A port whose next one is free, too: there the stand-in for card payments stands."""
    while True:
        port = free_port()
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
        return port
