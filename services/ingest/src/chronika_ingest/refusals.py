"""Why an article is refused: the stable codes and what the operator can do about each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from chronika.domain.errors import RefusedInputError
from chronika.ports.source import Refusal
from chronika_ingest.characters import storable

CURES: Mapping[str, str] = MappingProxyType(
    {
        "address-not-fetched": "Save the page first and give the file; addresses are not fetched.",
        "bad-field": "Correct the field named in the message; docs and the service card list what each field may hold.",
        "bad-json-line": "Each line must be one JSON object; `python -m json.tool --json-lines FILE` shows the fault.",
        "binary": "Give the text itself: unpack archives, save office files and PDFs as UTF-8 text or HTML.",
        "corrupt-archive": "Fetch or compress the file again; `gzip -t FILE` tests it.",
        "empty": "There is no text in it: remove the file or fetch the article again.",
        "missing-file": "Check the spelling and the working directory; the path must exist where the command runs.",
        "no-article": "Save the page of one article, after its scripts have run; lists and login pages hold none.",
        "no-match": "Check the pattern and the folder; put patterns in quotes so that the shell leaves them alone.",
        "no-text": 'Each line needs the article in the field "text", as a string.',
        "not-json-lines": "Write one JSON object a line, for instance with `jq -c '.[]' FILE`.",
        "not-regular": "Give ordinary files; devices, sockets and named pipes inside folders are not read.",
        "too-large": "Split the file into articles, one a file or one a JSON line, or raise the limit of the source.",
        "unsupported-format": "Give texts, HTML pages or JSON lines; tables, feeds, mail, web archives are not read.",
        "unknown-encoding": "Convert it to UTF-8, for instance with `iconv -f ENCODING -t UTF-8 FILE`.",
        "unpacked-too-large": "Unpack and split the archive, or raise the limit on what an archive may unpack to.",
        "unreadable-file": "Check the permissions and the disk, then run again.",
    }
)
"""Code -> cure. Codes are part of the contract: metrics and tests name them."""


def refused(code: str, message: str) -> RefusedInputError:
    """The error of a code of this module; `unreadable-file` alone may succeed when tried again."""
    return RefusedInputError(code, message, cure=CURES[code], retryable=code == "unreadable-file")


def refusal_of(error: RefusedInputError, origin: str) -> Refusal:
    """The refusal that a source yields for an error."""
    return Refusal(origin=storable(origin)[0], code=error.code, message=storable(error.message)[0], cure=error.cure)
