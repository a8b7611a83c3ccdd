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


def _states() -> Iterator[tuple[str, str, str, str, str]]:
    alpha3 = {two[0]: three for three, two in get_global("territory_aliases").items() if _is_alpha3(three, two)}
    aliases = _aliases()
    english = Locale("en").territories
    for two in sorted(alpha3.keys() & english.keys() - NO_STATES):
        names = [
            _forms(_spelt(Locale(language).territories[two]), aliases.get(two, {}).get(language, ""))
            for language in LANGUAGES
        ]
        yield "country:" + alpha3[two], alpha3[two], english[two], names[0], names[1]


def _is_alpha3(three: str, two: list[str]) -> bool:
    return len(three) == 3 and three.isalpha() and len(two) == 1 and three not in WITHDRAWN


def _aliases() -> dict[str, dict[str, str]]:
    lines = (HERE / "country_aliases.tsv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader([line for line in lines if not line.startswith("#")], delimiter="\t")
    return {row["alpha2"]: {language: row[language] or "" for language in LANGUAGES} for row in rows}


def _spelt(name: str) -> str:
    """CLDR's name as newspapers write it: ASCII apostrophes, no abbreviated islands, nothing in brackets."""
    plain = name.replace("\u02bc", "'").replace("’", "'").split(" (")[0].split(", ")[0]
    return (
        plain.replace("о-ва", "острова")
        .replace("о-в", "остров")
        .replace(" – ", "-")
        .replace(" - ", "-")
        .replace(" — ", "-")
    )


def _forms(name: str, aliases: str) -> str:
    given = [form for form in aliases.split("; ") if form]
    forms = [name if form == "*" else form for form in (given if "*" in given else ["*", *given])]
    return "; ".join(dict.fromkeys(forms))


if __name__ == "__main__":
    main()
