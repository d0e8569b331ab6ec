"""``ml-platform reports``: serves the report site, wherever the stores are."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import click

from ml_platform.cli.dev import PORT, validate_free
from ml_platform.errors import DataError, StoreUnavailable
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=3001, show_default=True, type=PORT)
def reports(host: str, port: int) -> None:
    """Serve the report site until Ctrl-C.

    There is no log-in.
    """
    validate_free("ml-platform reports --port", port)
    with report_server(host, port, Stores(Installation.from_environment())) as server:
        server.serve_forever()


def report_server(host: str, port: int, stores: Stores) -> ThreadingHTTPServer:
    """Return a server of the report site, which does not serve yet."""
    from ml_platform.reports.site import Site

    site = Site(stores)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Send a page, or where it is."""
            try:
                reply = site.answer(unquote(urlsplit(self.path).path).removeprefix("/"))
            except (StoreUnavailable, DataError) as error:
                self.send_error(503, explain=str(error))
                return
            if reply is None:
                self.send_error(404)
                return
            self.send_response(302 if reply.location else 200)
            if reply.location:
                self.send_header("Location", reply.location)
            self.send_header("Content-Type", reply.type)
            self.send_header("Content-Length", str(len(reply.content)))
            self.send_header("Cache-Control", "no-cache")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            self.wfile.write(reply.content)

        def log_message(self, *_: object) -> None:
            """Keep quiet: this stands beside Dagster in one terminal."""

    class Server(ThreadingHTTPServer):
        def server_close(self) -> None:
            """Remove what was built to be served, too."""
            super().server_close()
            site.data_docs.close()

    return Server((host, port), Handler)
