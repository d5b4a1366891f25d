"""The public pages."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.errors import DeskError
from desk.portal.api import error_response


def error_page(request: Request, error: DeskError) -> Response:
    """A page for an error."""
    return error_response(error)


def routes() -> list[Route]:
    """Every public page."""
    return []
