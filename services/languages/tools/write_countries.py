"""Write entities/countries.tsv: names of states from Unicode CLDR, through babel, with the aliases beside this script.

Run it when CLDR or country_aliases.tsv changes: `python services/languages/tools/write_countries.py`. It needs babel,
which Chronika itself does not: what runs reads the table only.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from babel import Locale
from babel.core import get_global

HERE = Path(__file__).parent
TABLE = HERE.parent / "src" / "chronika_languages" / "entities" / "countries.tsv"
LANGUAGES = ("ru", "uk")
NO_STATES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AQ", "BV", "CP", "DG", "EA", "IC", "TA", "AC"})
WITHDRAWN = frozenset({"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"})
OWN_CODES = {"XKK": "XKX"}  # Kosovo has no code of ISO 3166-1; XKX is the one in use
SPELLINGS = (
    ("\u02bc", "'"),
    ("’", "'"),
    ("о-ва", "острова"),
    ("о-в", "остров"),
    (" – ", "-"),
    (" - ", "-"),
    (" — ", "-"),
)
HISTORIC = (
    ("SUN", "Soviet Union", "СССР; Советский Союз", "СРСР; Радянський Союз; Совєтський Союз"),
    ("YUG", "Yugoslavia", "Югославия; СФРЮ", "Югославія; СФРЮ"),
    ("CSK", "Czechoslovakia", "Чехословакия; ЧССР", "Чехословаччина; ЧССР"),
    ("DDR", "East Germany", "ГДР", "НДР"),
)
COMMENT = """\
# States and territories by ISO 3166-1, and a few that are no more. Written by tools/write_countries.py: names from
# Unicode CLDR (Unicode License v3), aliases from tools/country_aliases.tsv. Forms are alternatives, separated by "; ".
"""


def main() -> None:
    """Write the table."""
    rows = sorted([*_states(), *(("country:" + code, code, *names) for code, *names in HISTORIC)])
    lines = ["id\tcode\tenglish\tru\tuk", *("\t".join(row) for row in rows)]
    TABLE.write_text(unicodedata.normalize("NFC", COMMENT + "\n".join(lines) + "\n"), encoding="utf-8")


def _states() -> Iterator[tuple[str, ...]]:
    alpha3 = {two[0]: three for three, two in get_global("territory_aliases").items() if _is_alpha3(three, two)}
    aliases = _aliases()
    english = Locale("en").territories
    for two in sorted(alpha3.keys() & english.keys() - NO_STATES):
        code = OWN_CODES.get(alpha3[two], alpha3[two])
        given = aliases.get(two, dict.fromkeys(LANGUAGES, ""))
        names = (_forms(_cldr_name(two, language), given[language]) for language in LANGUAGES)
        yield f"country:{code}", code, english[two], *names


def _is_alpha3(three: str, two: list[str]) -> bool:
    return len(three) == 3 and three.isalpha() and len(two) == 1 and three not in WITHDRAWN


def _aliases() -> dict[str, dict[str, str]]:
    lines = (HERE / "country_aliases.tsv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader([line for line in lines if not line.startswith("#")], delimiter="\t")
    return {row["alpha2"]: {language: row[language] or "" for language in LANGUAGES} for row in rows}


def _cldr_name(two: str, language: str) -> str:
    """CLDR's name as newspapers write it: ASCII apostrophes, no abbreviated islands, nothing in brackets."""
    name: str = Locale(language).territories[two].split(" (")[0].split(", ")[0]
    for written, spelt in SPELLINGS:
        name = name.replace(written, spelt)
    return name


def _forms(name: str, aliases: str) -> str:
    given = [form for form in aliases.split("; ") if form]
    forms = [name if form == "*" else form for form in (given if "*" in given else ["*", *given])]
    return "; ".join(dict.fromkeys(forms))


if __name__ == "__main__":
    main()
