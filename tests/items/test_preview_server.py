"""A preview on loopback: one address, one browser, one host name, nothing kept, no script."""

from __future__ import annotations

import http.client
import http.cookiejar
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from desk.items.preview_server import COOKIE, HEADERS, HOST, File, PreviewServer

SECRET = "tăng 7,4% – chưa công bố"
FILES = {
    "/": File(SECRET.encode(), "text/html; charset=utf-8"),
    "/items/i-1/assets/a-1": File(b"<svg/>", "image/svg+xml"),
}


@pytest.fixture
def server() -> Iterator[PreviewServer]:
    made = PreviewServer(FILES, "/")
    try:
        yield made
    finally:
        made.stop()


class Answer:
    """One answer, read whole."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers = response.status, response.headers
        self.text = response.read().decode()


@contextmanager
def connected(server: PreviewServer) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(server.host, timeout=90)
    try:
        yield connection
    finally:
        connection.close()


def get(server: PreviewServer, path: str, method: str = "GET", **headers: str) -> Answer:
    with connected(server) as connection:
        connection.request(method, path, headers=headers)
        return Answer(connection.getresponse())


def opened(server: PreviewServer) -> str:
    """The cookie of the browser that used the address."""
    first = get(server, server.address.removeprefix(f"http://{server.host}"))
    assert (first.status, first.headers["Location"]) == (303, f"{server.folder}/")
    cookie = str(first.headers["Set-Cookie"])
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    return cookie.partition(";")[0]


def inside(server: PreviewServer, path: str, method: str = "GET", **headers: str) -> Answer:
    """What lies below the preview's own folder."""
    return get(server, server.folder + path, method, **headers)


def test_the_browser_that_has_the_address_sees_the_item(server: PreviewServer) -> None:
    cookie = opened(server)
    page = inside(server, "/", Cookie=cookie)
    assert (page.status, page.text) == (200, SECRET)
    picture = inside(server, "/items/i-1/assets/a-1", Cookie=cookie)
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert inside(server, "/nothing", Cookie=cookie).status == 404


def test_attack_18_another_port_of_this_machine_is_not_handed_the_cookie(
    server: PreviewServer,
) -> None:
    """Browsers keep cookies by host and path (RFC 6265), not by port; nobody knows this path."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with browser.open(server.address, timeout=90) as page:
        assert page.read().decode() == SECRET
        shown = page.geturl()
    assert shown.startswith(f"http://{server.host}{server.folder}/")
    assert len(server.folder) > 40
    elsewhere = urllib.request.Request(f"http://{HOST}:9/")
    jar.add_cookie_header(elsewhere)
    assert not elsewhere.has_header("Cookie")
    (cookie,) = jar
    assert cookie.path == f"{server.folder}/"
    bare = get(server, "/", Cookie=f"{COOKIE}={cookie.value}")
    assert (bare.status, SECRET in bare.text) == (404, False)


def test_links_of_a_page_lead_to_where_it_lies() -> None:
    page = (
        b'<link href="/static/style.css?v=1"><img alt="src=" src="/items/i-1/assets/a-1">'
        b'<a href="https://example.org/x">a</a><a href="//example.org">b</a>'
        b'<p>href=&quot;/x&quot;</p><a href="#top">c</a>'
    )
    made = PreviewServer({"/": File(page, "text/html; charset=utf-8")}, "/")
    try:
        text = inside(made, "/", Cookie=opened(made)).text
    finally:
        made.stop()
    assert f'href="{made.folder}/static/style.css?v=1"' in text
    assert f'src="{made.folder}/items/i-1/assets/a-1"' in text
    assert text.count(made.folder) == 2


def test_attack_18_the_address_works_once(server: PreviewServer) -> None:
    path = server.address.removeprefix(f"http://{server.host}")
    opened(server)
    again = get(server, path)
    assert again.status == 410
    assert SECRET not in again.text
    assert "Set-Cookie" not in again.headers


def test_attack_18_looking_at_the_address_does_not_use_it_up(server: PreviewServer) -> None:
    path = server.address.removeprefix(f"http://{server.host}")
    assert get(server, path, "HEAD").status == 403
    opened(server)


@pytest.mark.parametrize(
    "path", ["/", "/items/i-1/assets/a-1", "/nothing", "/open/", "/open/guess", "/open/%C3%A9%00"]
)
@pytest.mark.parametrize("cookie", ["", f"{COOKIE}=guess", f"{COOKIE}=", "a=b; \x7f"])
def test_attack_18_who_has_no_cookie_sees_nothing(
    server: PreviewServer, path: str, cookie: str
) -> None:
    opened(server)
    for answer in (get(server, path, Cookie=cookie), inside(server, path, Cookie=cookie)):
        assert answer.status in (403, 410)
        assert SECRET not in answer.text


@pytest.mark.parametrize("host", ["evil.example.org", "localhost", "127.0.0.1", "127.0.0.1:1", ""])
def test_attack_18_another_host_name_is_refused_even_with_the_cookie(
    server: PreviewServer, host: str
) -> None:
    path = server.address.removeprefix(f"http://{server.host}")
    assert get(server, path, Host=host).status == 421
    cookie = opened(server)  # the wrong host did not use it up
    answer = inside(server, "/", Host=host, Cookie=cookie)
    assert answer.status == 421
    assert SECRET not in answer.text


def test_every_answer_forbids_keeping_framing_and_scripts(server: PreviewServer) -> None:
    cookie = opened(server)
    mine = f"{server.folder}/"
    for path, more in ((mine, {"Cookie": cookie}), ("/", {}), ("/x", {"Host": "evil"})):
        answer = get(server, path, **more)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
        assert "script" not in answer.headers["Content-Security-Policy"].replace("script-src", "")
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_can_be_sent_to_it(server: PreviewServer, method: str) -> None:
    answer = get(server, "/", method, Cookie=opened(server))
    assert answer.status == 501
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_listens_on_loopback_alone_and_ends(server: PreviewServer) -> None:
    assert server.host.startswith(f"{HOST}:")
    ended = PreviewServer(FILES, "/")
    ended.stop()
    with pytest.raises(ConnectionRefusedError):
        get(ended, "/")
    assert ended.file("/") is None


def test_two_previews_have_nothing_in_common(server: PreviewServer) -> None:
    other = PreviewServer(FILES, "/")
    try:
        cookie = opened(server)
        assert inside(other, "/", Cookie=cookie).status == 403
        opened(other)
    finally:
        other.stop()
