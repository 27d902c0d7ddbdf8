"""Stands between a contestant and the engine's socket, and keeps every request."""
import json
import socket
import threading
import time


class Recorder:
    """A socket that forwards to the engine's; `requests` grows by (method, path, body, time) as requests come."""

    def __init__(self, path, upstream):
        self.upstream, self.requests = upstream, []
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(path)
        self.server.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def mutating(self):
        return len(self.times())

    def times(self):
        """When each mutating request had come, in nanoseconds since 1970."""
        return [moment for method, _, _, moment in self.requests if method not in ("GET", "HEAD")]

    def close(self):
        self.server.close()

    def _accept(self):
        try:
            while True:
                client, _ = self.server.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()
        except OSError:
            pass  # It was closed.

    def _serve(self, client):
        engine = socket.socket(socket.AF_UNIX)
        engine.connect(self.upstream)
        threading.Thread(target=copy, args=(engine, client), daemon=True).start()
        copy(client, engine, self._reader().send)

    def _reader(self):
        """Takes the client's bytes and splits them into requests, whose length their heads tell."""
        reader = self._read()
        next(reader)
        return reader

    def _read(self):
        buffer = b""
        while True:
            while b"\r\n\r\n" not in buffer:
                buffer += yield
            head, _, buffer = buffer.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            if "transfer-encoding" in headers:
                raise ValueError("chunked requests are not understood")
            length = int(headers.get("content-length", 0))
            while len(buffer) < length:
                buffer += yield
            body, buffer = buffer[:length], buffer[length:]
            method, path, _ = first.split(" ", 2)
            content = json.loads(body) if body.startswith(b"{") else None
            self.requests.append((method, path, content, time.time_ns()))


def copy(source, target, look=lambda data: None):
    """Copies bytes until the sender stops, then tells the receiver so."""
    try:
        while data := source.recv(65536):
            look(data)
            target.sendall(data)
    except OSError:
        pass
    for end, how in ((target, socket.SHUT_WR), (source, socket.SHUT_RD)):
        try:
            end.shutdown(how)
        except OSError:
            pass
