"""The routes that are not the conversation: the page and its files, who may enter, health, and the sources that were shown."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from tests.askaloud.indexing.papers import paper, words
from tests.askaloud.knowledge.search_doors import Answer, ScriptedDoor, hit
from tests.askaloud.visiting import Reply, visiting
from tests.planted import secret

from askaloud.access.signature import Signatures
from askaloud.settings import Settings
from askaloud.site import HEADERS, NOT_SERVED, SERVED, frontend_folder

KEY = secret("access key of some length")
CLOSED = Settings(access_key=KEY)


def has_headers(reply: Reply) -> bool:
    return all(reply.headers.get(name.lower()) == value for name, value in HEADERS.items())


def cookie_of(reply: Reply) -> str:
    return reply.headers["set-cookie"].partition(";")[0]


# the page and its files


async def test_the_page_is_served_with_its_files() -> None:
    async with visiting() as service:
        page = await service.get("/")
        assert page.status == 200
        assert b"<!doctype html>" in page.body.lower()
        script = await service.get("/main.js")
        assert script.headers["content-type"].startswith("text/javascript")
        assert script.headers["cache-control"] == "no-cache"


async def test_a_file_travels_packed_to_those_who_can_unpack_it() -> None:
    async with visiting() as service:
        plain = await service.get("/main.js")
        packed = await service.get("/main.js", Accept_Encoding="br, gzip;q=0.8")
        unwanted = await service.get("/main.js", Accept_Encoding="gzip;q=0")
        known = await service.get("/main.js", Accept_Encoding="gzip", If_None_Match=packed.headers["etag"])
    assert gzip.decompress(packed.body) == plain.body == unwanted.body
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < len(plain.body) / 2
    assert packed.headers["etag"] != plain.headers["etag"]
    assert {reply.headers["vary"] for reply in (plain, packed, unwanted)} == {"Accept-Encoding"}
    assert known.status == 304


async def test_every_answer_carries_the_headers_that_keep_a_page_from_harm() -> None:
    paths = ["/", "/main.js", "/nothing.js", "/health", "/v1/passages/x", "/v1/realtime", "/%00.js", "/enter?ticket=wrong"]
    async with visiting() as service:
        bare = [path for path in paths if not has_headers(await service.get(path))]
        assert bare == []
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


async def test_answers_to_wrong_methods_and_large_bodies_carry_them_too() -> None:
    async with visiting(CLOSED) as service:
        assert has_headers(await service.request("DELETE", "/health"))
        assert has_headers(await service.get("/main.js"))
        large = await service.post("/enter", "key=" + "x" * 10_000)
        assert large.status == 413
        assert has_headers(large)


OUTSIDE = [
    "/../pyproject.toml",
    "/%2e%2e/pyproject.toml",
    "/..%2f..%2fetc/passwd",
    "/%2e%2e%2ffrontend%2fmain.js",
    "/audio/../../README.md",
    "//etc/passwd.js",
    "/%2fetc%2fhosts.js",
    "/.git/config.json",
    "/.hidden.js",
    "/audio/.hidden.js",
    "/%00.js",
    "/main.js%00.png",
    "/" + "x" * 300 + ".js",
    "/node_modules/typescript/package.json",
    "/node_modules/typescript/lib/typescript.js",
    "/package.json",
    "/package-lock.json",
    "/tsconfig.json",
    "/wire.d.ts",
    "/audio",
    "/audio/",
    "/nothing.js",
    "/v1/realtime",
]


async def test_nothing_but_the_files_of_the_page_is_served() -> None:
    async with visiting() as service:
        served = [path for path in OUTSIDE if (await service.get(path)).status not in {400, 404}]
        assert served == []


async def test_every_file_that_is_served_lies_in_the_folder_and_is_of_a_kind_that_pages_have() -> None:
    folder = frontend_folder()
    assert (folder / "index.html").is_file()
    assert not {".py", ".md", ".ts", ".map"} & SERVED
    assert "node_modules" in NOT_SERVED


async def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    from askaloud.site import _inside  # its answer is what matters, and no test may plant a link in the real folder

    (tmp_path / "secret.js").write_text("secret")
    folder = tmp_path / "frontend"
    folder.mkdir()
    (folder / "link.js").symlink_to(tmp_path / "secret.js")
    (folder / "page.js").write_text("page")
    assert _inside(folder, Path("link.js")) is None  # type: ignore[arg-type]  # a Path is a pure one too
    assert _inside(folder, Path("page.js")) == folder / "page.js"  # type: ignore[arg-type]  # a Path is a pure one too


# who may knock


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8765"])
async def test_a_request_for_another_host_is_refused_on_every_route_with_the_setting_that_could_allow_it(host: str) -> None:
    async with visiting() as service:
        for path in ("/", "/health/", "/main.js", "/v1/passages/x", "/enter", "/nothing"):
            reply = await service.request("GET", path, host=host)
            assert reply.status == 403, path
            assert has_headers(reply), path
            assert b"ASKALOUD_ALLOWED_HOSTS" in reply.body, path


@pytest.mark.parametrize("host", ["10.0.3.7:8765", "0.0.0.0:8765", "evil.example"])
async def test_a_probe_may_ask_under_any_name_but_not_from_any_page(host: str) -> None:
    async with visiting() as service:
        for path in ("/health", "/ready"):
            assert (await service.request("GET", path, host=host)).status == 200, path
            assert (await service.request("GET", path, host=host, headers={"Origin": f"http://{host}"})).status == 403, path


async def test_behind_a_proxy_the_service_goes_by_the_name_that_the_settings_give_it(caplog: pytest.LogCaptureFixture) -> None:
    async with visiting(Settings(allowed_hosts=("ask.example.com:8443",)), host="0.0.0.0") as service:
        page = {"Origin": "https://ask.example.com:8443"}
        for host in ("ask.example.com:8443", "ask.example.com", service.address):
            assert (await service.request("GET", "/", host=host, headers=page)).status == 200, host
    assert "ASKALOUD_ALLOWED_HOSTS" not in caplog.text


async def test_a_service_for_others_that_goes_by_no_name_of_theirs_says_so_at_its_start_and_to_whom_it_refuses(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with visiting(host="0.0.0.0") as service:
        said = [record.getMessage() for record in caplog.records if "ASKALOUD_ALLOWED_HOSTS" in record.getMessage()]
        assert said == [service.app.door.names.caution()]
        assert (await service.request("GET", "/", host="ask.example.com")).status == 403
        assert "Refused a visitor who called this service ask.example.com." in caplog.text


async def test_a_request_from_another_page_is_refused() -> None:
    async with visiting() as service:
        for origin in ("null", "http://evil.example", "http://127.0.0.1:1"):
            assert (await service.get("/health", Origin=origin)).status == 403, origin
            assert (await service.post("/enter", "key=x", Origin=origin)).status == 403, origin


async def test_our_own_page_is_let_through() -> None:
    async with visiting() as service:
        assert (await service.get("/health", Origin="http://127.0.0.1:8765")).status == 200


# the way in


async def test_without_the_key_nothing_but_the_way_in_is_open() -> None:
    shut = ("/main.js", "/conversation.js", "/v1/passages/x", "/v1/links", "/locales/en.json", "/nothing.js")
    open_ = ("/health", "/enter.html", "/icon.svg", "/styles/room.css")
    async with visiting(CLOSED) as service:
        assert [(await service.get(path)).status for path in shut] == [401] * len(shut)
        assert [(await service.get(path)).status for path in open_] == [200] * len(open_)


async def test_the_page_leads_to_the_way_in() -> None:
    async with visiting(CLOSED) as service:
        reply = await service.get("/")
        assert (reply.status, reply.headers["location"]) == (303, "/enter.html")


async def test_the_right_key_gives_a_cookie_that_no_script_reads_and_no_other_site_sends() -> None:
    async with visiting(CLOSED) as service:
        reply = await service.post("/enter", f"key={KEY.replace(' ', '+')}")
        assert (reply.status, reply.headers["location"]) == (303, "/")
        attributes = reply.headers["set-cookie"].partition(";")[2]
        assert "HttpOnly" in attributes
        assert "SameSite=Strict" in attributes
        assert "Secure" not in attributes
        assert KEY not in reply.headers["set-cookie"]
        assert (await service.get("/", Cookie=cookie_of(reply))).status == 200


async def test_behind_a_proxy_with_tls_the_cookie_is_secure() -> None:
    async with visiting(CLOSED) as service:
        reply = await service.post("/enter", f"key={KEY.replace(' ', '+')}", X_Forwarded_Proto="https")
        assert "Secure" in reply.headers["set-cookie"]


async def test_a_wrong_key_gives_none() -> None:
    async with visiting(CLOSED) as service:
        for body in ("key=wrong", "key=", "", "other=1", "key=%ff%fe"):
            reply = await service.post("/enter", body)
            assert reply.headers["location"] == "/enter.html#wrong", body
            assert "set-cookie" not in reply.headers, body


async def test_sdks_send_the_key_with_each_request() -> None:
    async with visiting(CLOSED) as service:
        assert (await service.get("/main.js", Authorization=f"Bearer {KEY}")).status == 200
        assert (await service.get("/main.js", api_key=KEY)).status == 200
        assert (await service.get("/main.js", api_key="wrong")).status == 401


async def test_a_one_time_link_lets_one_browser_in_once() -> None:
    async with visiting(CLOSED) as service:
        made = await service.post("/v1/links", Authorization=f"Bearer {KEY}")
        assert made.status == 201
        path = json.loads(made.body)["path"]
        first = await service.get(path)
        assert (first.status, first.headers["refresh"]) == (200, "0; url=/"), "a redirect would leave a strict cookie behind"
        assert (await service.get("/", Cookie=cookie_of(first))).status == 200
        second = await service.get(path)
        assert second.headers["location"] == "/enter.html#wrong"
        assert "set-cookie" not in second.headers


async def test_looking_at_a_one_time_link_does_not_use_it_up() -> None:
    async with visiting(CLOSED) as service:
        path = json.loads((await service.post("/v1/links", Authorization=f"Bearer {KEY}")).body)["path"]
        for method in ("HEAD", "OPTIONS", "POST"):
            assert "set-cookie" not in (await service.request(method, path)).headers, method
        assert "set-cookie" in (await service.get(path)).headers


async def test_only_who_has_the_key_makes_links() -> None:
    async with visiting(CLOSED) as service:
        assert (await service.post("/v1/links")).status == 401


# sources


def with_passage(**fields: object) -> ScriptedDoor:
    door = ScriptedDoor()
    door.script("read", *[Answer({key: value for key, value in hit(**fields).items() if not key.startswith("@")})] * 3)
    return door


async def test_a_source_opens_with_its_signature_and_not_without() -> None:
    async with visiting(search=with_passage(path="handbook.md", page=None)) as service:
        signature = service.app.signatures.sign("p1", "a conversation", 2**40)
        reply = await service.get(f"/v1/passages/p1?s={signature}")
        assert reply.status == 200
        told = json.loads(reply.body)
        assert (told["id"], told["title"], told["headings"]) == ("p1", "Handbook", ["Leave"])
        assert reply.headers["cache-control"].startswith("private")
        for forged in ("", "?s=", f"?s={signature[:-1]}", f"?s={'x' * 5_000}"):
            assert (await service.get(f"/v1/passages/p1{forged}")).status == 403
        assert (await service.get(f"/v1/passages/p2?s={signature}")).status == 403


async def test_what_stands_around_a_source_without_a_picture_opens_with_it() -> None:
    search = with_passage(path="handbook.md", page=None, document_id="d1")
    rows = [{"id": id, "start": at, "end": at + 9, "groups": []} for id, at in (("p0", 0), ("p1", 10), ("p2", 20))]
    texts = [{"id": "p0", "text": "Before."}, {"id": "p2", "text": "After."}]
    search.script(
        "search", *[Answer({"value": [{"@search.score": 1.0, **row} for row in each]}) for each in (rows, texts)], Answer(status=400)
    )
    async with visiting(search=search) as service:
        signature = service.app.signatures.sign("p1", "a conversation", 2**40)
        told = json.loads((await service.get(f"/v1/passages/p1?s={signature}")).body)
        assert (told["before"], told["after"]) == ("Before.", "After.")
        alone = await service.get(f"/v1/passages/p1?s={signature}")
        assert (alone.status, json.loads(alone.body)["before"]) == (200, "")
    assert search.bodies("search")[0]["filter"] == "document_id eq 'd1' and page eq null"


async def test_a_source_is_forgotten_with_the_day() -> None:
    async with visiting(search=with_passage()) as service:
        signature = service.app.signatures.sign("p1", "a conversation", 1)
        assert (await service.get(f"/v1/passages/p1?s={signature}")).status == 403


async def test_a_format_without_pages_has_no_picture() -> None:
    async with visiting(search=with_passage(path="handbook.md", page=None)) as service:
        signature = service.app.signatures.sign("p1", "a conversation", 2**40)
        assert (await service.get(f"/v1/passages/p1/page.png?s={signature}")).status == 404
        assert (await service.get("/v1/passages/p1/page.png")).status == 403


async def test_a_page_whose_document_is_not_among_the_originals_has_no_picture_and_opens_in_words() -> None:
    async with visiting(search=with_passage(path="of-another-folder.pdf", page=7, source="elsewhere")) as service:
        passage = await service.app.knowledge.read("p1")
        assert not service.app.pictures.offers(passage)
        signature = service.app.signatures.sign("p1", "a conversation", 2**40)
        assert (await service.get(f"/v1/passages/p1/page.png?s={signature}")).status == 404
        text = await service.get(f"/v1/passages/p1?s={signature}")
        assert (text.status, json.loads(text.body)["text"]) == (200, passage.text)


ABROAD = "You can work from abroad for thirty days in a calendar year, and only working days count towards these days."


def with_page(folder: Path, path: str = "handbook.pdf") -> tuple[Settings, ScriptedDoor]:
    """A page among the originals, and an index that knows of it."""
    paper(folder / "handbook.pdf", [words(ABROAD)])
    fields = {"path": path, "page": 1, "source": None, "text": ABROAD, "boxes": "[[0.04,0.02,0.96,0.08]]"}
    found = {key: value for key, value in hit(**fields).items() if not key.startswith("@")}
    door = ScriptedDoor()
    door.script("read", *[Answer(found)] * 20)
    return Settings(documents=folder), door


async def test_the_picture_of_a_page_opens_with_its_own_signature_alone(tmp_path: Path) -> None:
    settings, door = with_page(tmp_path)
    async with visiting(settings, door) as service:
        sign = service.app.signatures.sign
        good = sign("p1", "a conversation", 2**40)
        foreign, expired = Signatures().sign("p1", "a conversation", 2**40), sign("p1", "a conversation", 1)
        later = f"{2**41:x}.{good.partition('.')[2]}"
        for forged in ("", "?s=", f"?s={foreign}", f"?s={expired}", f"?s={later}", f"?s={good[:-2]}", f"?s={sign('p2', 'a', 2**40)}"):
            for path in ("/v1/passages/p1/page.png", "/v1/passages/p1"):
                assert (await service.get(path + forged)).status == 403
        assert door.bodies("read") == []
        reply = await service.get(f"/v1/passages/p1/page.png?s={good}")
        assert (reply.status, reply.headers["content-type"], reply.body[:4]) == (200, "image/png", b"\x89PNG")


async def test_a_part_of_a_passage_is_marked_alone_and_nothing_that_is_no_part(tmp_path: Path) -> None:
    settings, door = with_page(tmp_path)
    async with visiting(settings, door) as service:
        address = f"/v1/passages/p1/page.png?s={service.app.signatures.sign('p1', 'a conversation', 2**40)}"
        whole, part = await service.get(address), await service.get(f"{address}&from=0&to=20")
        assert (whole.status, part.status) == (200, 200)
        assert whole.body != part.body
        more = await service.get(f"{address}&from=0&to=3&from=10&to=20")
        assert more.body not in (whole.body, part.body)
        length = len(ABROAD)
        for bad in (
            "from=0",
            "to=5",
            "from=5&to=5",
            "from=9&to=2",
            f"from=0&to={length + 1}",
            "from=-1&to=5",
            "from=a&to=b",
            "from=&to=9",
            "from=0&to=9&from=3&to=12",
            "from=0&from=1&to=9",
        ):
            assert (await service.get(f"{address}&{bad}")).status == 400
        assert (await service.get(f"{address}&from=%D9%A1&to=9999999999999")).status == 400


@pytest.mark.parametrize("path", ["../handbook.pdf", "/etc/handbook.pdf", "inner/../../handbook.pdf", "link.pdf"])
async def test_an_index_that_names_a_file_outside_the_originals_shows_nothing_of_it(tmp_path: Path, path: str) -> None:
    (tmp_path / "originals").mkdir()
    _, door = with_page(tmp_path, path)
    (tmp_path / "originals" / "link.pdf").symlink_to(tmp_path / "handbook.pdf")
    async with visiting(Settings(documents=tmp_path / "originals"), door) as service:
        signature = service.app.signatures.sign("p1", "a conversation", 2**40)
        assert (await service.get(f"/v1/passages/p1/page.png?s={signature}")).status == 404


async def test_a_source_that_is_gone_and_a_search_that_is_down_are_told_apart() -> None:
    door = ScriptedDoor()
    door.script(
        "read", Answer({"error": {"code": "", "message": "planted"}}, 404), Answer({"error": {"code": "", "message": "planted"}}, 500)
    )
    async with visiting(search=door) as service:
        signature = service.app.signatures.sign("p1", "a conversation", 2**40)
        gone = await service.get(f"/v1/passages/p1?s={signature}")
        down = await service.get(f"/v1/passages/p1?s={signature}")
        assert (gone.status, down.status) == (404, 503)
        assert json.loads(down.body)["code"] == "search_down"
        assert b"planted" not in gone.body + down.body
