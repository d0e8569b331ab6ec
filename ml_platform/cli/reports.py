"""``ml-platform reports``: serves the HTML reports, wherever the object store is."""

from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote, urlsplit

import click

from ml_platform.cli.dev import validate_free
from ml_platform.errors import StoreUnavailable
from ml_platform.stores.installation import Installation
from ml_platform.stores.objects import ObjectStore
from ml_platform.stores.reports import PREFIX


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=3001, show_default=True, type=click.IntRange(1, 65535))
def reports(host: str, port: int) -> None:
    """Serve the HTML reports until Ctrl-C.

    There is no log-in.
    """
    validate_free("ml-platform reports --port", port)
    with report_server(host, port, ObjectStore(Installation.from_environment().store_url)) as server:
        server.serve_forever()


def report_server(host: str, port: int, objects: ObjectStore) -> ThreadingHTTPServer:
    """Return a server of the reports in an object store, which does not serve yet."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Send a report; at the root, links to all of them."""
            path = unquote(urlsplit(self.path).path).lstrip("/")
            try:
                page = find(objects, path) if path else index(objects)
            except StoreUnavailable as error:
                self.send_error(503, explain=str(error))
                return
            if page is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            """Keep quiet: this stands beside Dagster in one terminal."""

    return ThreadingHTTPServer((host, port), Handler)


def find(objects: ObjectStore, path: str) -> bytes | None:
    """Return a report, or None when there is no such report."""
    is_report = path.endswith(".html") and ".." not in path.split("/")
    return objects.get(f"{PREFIX}/{path}") if is_report else None


def index(objects: ObjectStore) -> bytes:
    """Return a page of links to all reports."""
    names = [one.key.removeprefix(f"{PREFIX}/") for one in objects.list(f"{PREFIX}/")]
    links = "".join(f'<li><a href="{quote(name)}">{escape(name)}</a>' for name in names)
    return f"<!doctype html><title>Reports</title><ul>{links}</ul>".encode()
