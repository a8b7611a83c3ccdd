"""Addresses in one form: what is the same page, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronika_ingest.addresses import canonical_address, host_of, names_a_page

PAGE = "https://vesti.example/news/2024/1"


@pytest.mark.parametrize(
    "address",
    [
        PAGE,
        PAGE + "/",
        PAGE + "#comments",
        PAGE + "?utm_source=telegram&utm_medium=social",
        PAGE + "?fbclid=IwAR0&gclid=1&yclid=2",
        "HTTPS://Vesti.Example/news/2024/1",
        "https://vesti.example:443/news/2024/1",
        "https://vesti.example./news/2024/1",
        "https://user:secret@vesti.example/news/2024/1",
        "https://vesti.example/news/%32024/1",
        "  https://vesti.example/news/2024/1\n",
        "vesti.example/news/2024/1",
    ],
)
def test_spellings_of_one_page(address):
    assert canonical_address(address) == PAGE


@pytest.mark.parametrize(
    "address",
    [
        "http://vesti.example/news/2024/1",
        "https://www.vesti.example/news/2024/1",
        "https://vesti.example:8443/news/2024/1",
        "https://vesti.example/news/2024/1?page=2",
        "https://vesti.example/News/2024/1",
        "https://vesti.example/news%2F2024/1",
    ],
)
def test_pages_that_are_not_taken_for_the_same(address):
    assert canonical_address(address) not in ("", PAGE)


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("https://вести.рф/новость/", "https://xn--b1agj9af.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C"),
        ("https://vesti.example/%d0%bd", "https://vesti.example/%D0%BD"),
        ("https://vesti.example/a?id=7&utm_campaign=x&lang=ru", "https://vesti.example/a?id=7&lang=ru"),
        ("https://vesti.example/?p=1234", "https://vesti.example?p=1234"),
        ("https://vesti.example/a?12345", "https://vesti.example/a?12345"),
        ("https://vesti.example/a?q=%d1%8f&r=я", "https://vesti.example/a?q=%D1%8F&r=%D1%8F"),
        ("https://[2001:DB8::1]/a", "https://[2001:db8::1]/a"),
    ],
)
def test_the_canonical_form(address, canonical):
    assert canonical_address(address) == canonical


NO_ADDRESSES = (
    "",
    "Вести",
    "vesti.example",
    "ftp://vesti.example/a",
    "javascript:alert(1)",
    "https://",
    "http://[::1",
    "https://a:b/c",
    "a b/c",
    "mailto:a@b.example",
)


@pytest.mark.parametrize("value", NO_ADDRESSES)
def test_what_is_no_address(value):
    assert canonical_address(value) == ""


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://vesti.example", False),
        ("https://vesti.example/", False),
        ("https://vesti.example/?utm_source=x", False),
        ("https://vesti.example/a", True),
        ("https://vesti.example/?id=1", True),
    ],
)
def test_a_site_is_no_page(address, page):
    assert names_a_page(canonical_address(address)) is page


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.vesti.example/a", "vesti.example"),
        ("https://вести.рф/а", "вести.рф"),
        ("https://a.b.example:81/", "a.b.example"),
    ],
)
def test_hosts_as_readers_know_them(address, host):
    assert host_of(canonical_address(address)) == host


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_canonical_form_of_a_canonical_form_is_itself(path, query):
    once = canonical_address(f"https://vesti.example/{path}?{query}")

    assert canonical_address(once) == once
    once.encode("ascii")
