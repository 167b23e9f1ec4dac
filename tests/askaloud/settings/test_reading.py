"""How the text of one variable becomes a value, and what is said where it cannot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from askaloud.settings import BlobContainer
from askaloud.settings.reading import (
    INSTRUCTIONS_MAX_BYTES,
    Reader,
    address,
    documents,
    field_name,
    function,
    hosts,
    instructions,
    interruption,
    number,
    one_of,
    origins,
    output_tokens,
    scope,
    truncation,
    whole,
)

ANYWHERE = Path.cwd()


def complaint(read: Reader, value: str) -> str:
    with pytest.raises(ValueError, match=r"^(must|names|has)") as wrong:
        read(value)
    return str(wrong.value)


@pytest.mark.parametrize(
    ("read", "value", "meant"),
    [
        (number(0.25, 1.5), "0.25", 0.25),
        (number(0.25, 1.5), "1.5", 1.5),
        (whole(0, 1_000), "0", 0),
        (whole(0, 1_000), "1000", 1_000),
        (interruption, "0", 0),
        (interruption, "100", 100),
        (function, "house.rules:may_be_answered", "house.rules:may_be_answered"),
        (output_tokens, "4096", 4_096),
        (output_tokens, "INF", "inf"),
        (truncation, "Auto", "auto"),
        (truncation, "disabled", "disabled"),
        (truncation, "0.8", 0.8),
        (one_of("DEBUG", "INFO"), "debug", "DEBUG"),
        (scope, "https://cognitiveservices.azure.com/.default", "https://cognitiveservices.azure.com/.default"),
        (scope, "api://our-gateway/.default", "api://our-gateway/.default"),
        (field_name, "Groups", "Groups"),
        (field_name, "none", ""),
        (documents, str(ANYWHERE), ANYWHERE),
        (documents, "https://a.blob.core.windows.net/c/", BlobContainer("https://a.blob.core.windows.net/c")),
        (documents, "https://a.blob.core.windows.net/c?sv=1&sig=x%3D", BlobContainer("https://a.blob.core.windows.net/c", "sv=1&sig=x%3D")),
        (documents, "http://127.0.0.1:10000/account/c?sig=x", BlobContainer("http://127.0.0.1:10000/account/c", "sig=x")),
    ],
)
def test_what_is_well_written_is_read(read: Callable[[str], Any], value: str, meant: Any) -> None:
    assert read(value) == meant


@pytest.mark.parametrize(
    ("read", "value", "said"),
    [
        *(
            (number(0.25, 1.5), value, "must be a number between 0.25 and 1.5")
            for value in ("0.24", "1.51", "fast", "nan", "inf", "1,2", "")
        ),
        *(
            (whole(200, 2_000), value, "must be a whole number between 200 and 2000")
            for value in ("199", "2001", "5e2", "-1", "٣٠٠", "9" * 5_000)
        ),
        *((interruption, value, "must be 0 or lie between 100 and 1000") for value in ("1", "99")),
        (interruption, "1001", "must be a whole number between 0 and 1000"),
        *((function, value, "must name a function as package.module:function") for value in ("rules", "rules:", ":f", "a b:f", "a..b:f")),
        *((output_tokens, value, "must be a whole number between 1 and 4096, or inf") for value in ("0", "4097", "infinite")),
        *((truncation, value, "must be a number between 0 and 1, or auto or disabled") for value in ("1.1", "80%", "never")),
        (one_of("near_field", "far_field"), "loud", "must be near_field or far_field"),
        (one_of("a", "b", "c"), "d", "must be a, b or c"),
        *(
            (scope, value, "must look like https://cognitiveservices.azure.com/.default")
            for value in ("https://x", "cognitiveservices/.default")
        ),
        *(
            (documents, value, "must end with the name of a container, as in https://ACCOUNT.blob.core.windows.net/CONTAINER")
            for value in ("https://a.blob.core.windows.net", "https://a.blob.core.windows.net/?sig=x")
        ),
        (documents, "https://a.blob.core.windows.net/c?sv=1", "has a question mark, but no signature (sig=) behind it"),
        (documents, "http://a.blob.core.windows.net/c?sig=x", "must be encrypted (https://): unencrypted is for loopback only"),
        (
            documents,
            "http://127.0.0.1:10000/account/c",
            "must be encrypted (https://) where no signature stands behind it: a token of Entra ID would travel with it",
        ),
        (documents, "ftp://a/c", "must be an address that begins with https://"),
    ],
)
def test_what_is_not_is_told_with_what_was_expected(read: Reader, value: str, said: str) -> None:
    assert complaint(read, value) == said


def test_the_words_of_a_file_are_read_without_its_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "manner.txt"
    file.write_bytes(b"\xef\xbb\xbf\n You are Ada. \n")
    found = instructions(str(file))
    assert (found.path, found.text) == (file, "You are Ada.")


def test_a_file_of_instructions_may_be_as_long_as_that_and_no_longer(tmp_path: Path) -> None:
    file = tmp_path / "manner.txt"
    file.write_bytes(b"a" * INSTRUCTIONS_MAX_BYTES)
    assert len(instructions(str(file)).text) == INSTRUCTIONS_MAX_BYTES
    file.write_bytes(b"a" * (INSTRUCTIONS_MAX_BYTES + 1))
    assert complaint(instructions, str(file)) == f"names a file of more than {INSTRUCTIONS_MAX_BYTES} bytes"


@pytest.mark.parametrize(("content", "said"), [(b"", "is empty"), (b" \n\t", "is empty"), (b"\xff\xfe\x00", "is not text in UTF-8")])
def test_a_file_without_words_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "manner.txt"
    file.write_bytes(content)
    assert complaint(instructions, str(file)) == f"names a file that {said}"


def test_a_file_that_is_not_there_and_one_that_cannot_be_read_are_told_apart(tmp_path: Path) -> None:
    assert complaint(instructions, str(tmp_path / "nowhere.txt")) == "names a file that is not there"
    assert complaint(instructions, str(tmp_path)).startswith("names a file that cannot be read (")


def test_the_signature_of_a_container_is_not_shown() -> None:
    assert "hidden" not in repr(documents("https://a.blob.core.windows.net/c?sig=hidden"))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("https://r.openai.azure.com/openai/realtime?api-version=2024-10-01-preview&deployment=planted", "without the question mark"),
        ("https://r.openai.azure.com#planted", "without the question mark"),
        ("https://person:planted@r.openai.azure.com", "without a user and a password"),
        ("r.openai.azure.com", "must be an address that begins with https:// or wss://"),
    ],
)
def test_an_address_copied_with_too_much_or_too_little_says_which(value: str, said: str) -> None:
    told = complaint(address("https", "wss"), value)
    assert said in told
    assert "planted" not in told


def test_names_of_the_service_may_have_ports_and_are_written_as_in_an_address() -> None:
    assert hosts(" Ask.Example.com , ,ask:8443") == ("ask.example.com", "ask:8443")
    assert hosts("fe80::1,[fe80::2]:8443,10.0.3.7") == ("[fe80::1]", "[fe80::2]:8443", "10.0.3.7")


@pytest.mark.parametrize(
    "value", ["https://ask.example.com", "ask.example.com/", "*", "*.example.com", "a b", "ask:99999", "ask:0", "ask:", "[ask]", "a..b"]
)
def test_what_no_visitor_could_call_the_service_is_no_name_of_it(value: str) -> None:
    for among in (value, f"ask.example.com,{value}"):
        said = complaint(hosts, among)
        assert "ask.example.com:8443" in said
        assert value not in said or value in {"*"}


def test_origins_are_read_as_browsers_write_them() -> None:
    assert origins("https://Intranet.example/ , http://pages:8080") == ("https://intranet.example", "http://pages:8080")
    assert origins("https://a:443,http://a:80,https://a:80") == ("https://a", "http://a", "https://a:80")


@pytest.mark.parametrize("value", ["intranet.example", "https://intranet.example/portal", "null", "*", "https://", "https://a b"])
def test_what_no_browser_calls_a_page_is_no_origin(value: str) -> None:
    assert "https://intranet.example.com" in complaint(origins, value)
