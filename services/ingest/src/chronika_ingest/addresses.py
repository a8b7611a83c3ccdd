"""Addresses of articles in one form, so that the same page met under two spellings is the same document.

The canonical form: scheme and host in lower case, the host in its ASCII form, no user, no default port, no fragment,
no tracking parameters, the other parameters in their order, percent escapes in upper case and only where they are
needed, no slash at the end of a path. `http` and `https`, `www.` and none stay apart: they are not always the same
page.
"""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import quote, unquote, urlsplit, urlunsplit

_SCHEMES = ("http", "https")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"utm_\w*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|ysclid|twclid|ttclid|igshid|mc_cid|mc_eid|_openstat|"
    r"_ga|_gl|at_\w+|cmpid|ocid|smid|frommail|from_source|pk_\w+|mtm_\w+|spm|__twitter_impression",
    re.IGNORECASE,
)
_BARE_ADDRESS = re.compile(r"(?:[\w-]+\.)+[^\W\d]{2,}/\S+")
_SAFE = "/:@!$&'()*+,;=~-._"
_SAFE_IN_QUERY = _SAFE + "%?"
_ESCAPE = re.compile("%[0-9a-fA-F]{2}")


def canonical_address(value: str) -> str:
    """The canonical form of a web address; empty when the value is none."""
    value = value.strip()
    if _BARE_ADDRESS.fullmatch(value):
        value = f"https://{value}"
    if any(character.isspace() for character in value):
        return ""
    try:
        parts = urlsplit(value)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    if scheme not in _SCHEMES or not host:
        return ""
    place = _ascii_host(host)
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        place = f"{place}:{port}"
    return urlunsplit((scheme, place, _path(parts.path), _query(parts.query), ""))


def host_of(address: str) -> str:
    """The host of a canonical address as a reader knows it: without `www.`, in its own letters."""
    host = urlsplit(address).hostname or ""
    with suppress(UnicodeError):
        host = host.encode("ascii").decode("idna")
    return host.removeprefix("www.")


def names_a_page(address: str) -> bool:
    """Whether a canonical address has a path or a query: one that has none is a site, and never an identity."""
    parts = urlsplit(address)
    return bool(parts.path or parts.query)


def _ascii_host(host: str) -> str:
    if ":" in host:
        return f"[{host}]"
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.lower()


def _path(path: str) -> str:
    """A path with its escapes in one form; an escaped slash is not a slash."""
    parts = re.split("%2f", path, flags=re.IGNORECASE)
    return "%2F".join(_escaped(part) for part in parts).rstrip("/")


def _query(query: str) -> str:
    kept = [part for part in query.split("&") if part and not _TRACKING.fullmatch(part.partition("=")[0])]
    return "&".join(quote(_ESCAPE.sub(lambda found: found[0].upper(), part), safe=_SAFE_IN_QUERY) for part in kept)


def _escaped(part: str) -> str:
    return quote(unquote(part, errors="surrogateescape"), safe=_SAFE, errors="surrogateescape")
