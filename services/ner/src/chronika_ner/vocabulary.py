"""What the numbers of the joint model mean: its labels, and the sizes of the tables that words are hashed into."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from math import prod
from typing import Self

NO_VALUE = "_"


@dataclass(frozen=True)
class Vocabulary:
    """`joint.json`, which the export writes next to the graphs.

    `attributes` maps each morphological attribute to its values, the first of which means that a word has none;
    `dictionaries` names the packages, with versions, whose readings the model was trained on.
    """

    version: str
    languages: tuple[str, ...]
    parts_of_speech: tuple[str, ...]
    relations: tuple[str, ...]
    attributes: dict[str, tuple[str, ...]]
    entity_tags: tuple[str, ...]
    hash_sizes: dict[str, int]
    grammemes: tuple[str, ...]
    dictionaries: dict[str, str]

    @classmethod
    def read(cls, file: Traversable) -> Self:
        """Read `joint.json`."""
        raw = json.loads(file.read_text(encoding="utf-8"))
        return cls(
            version=raw["version"],
            languages=tuple(raw["languages"]),
            parts_of_speech=tuple(raw["parts_of_speech"]),
            relations=tuple(raw["relations"]),
            attributes={name: tuple(values) for name, values in raw["attributes"].items()},
            entity_tags=tuple(raw["entity_tags"]),
            hash_sizes=dict(raw["hash_sizes"]),
            grammemes=tuple(raw["grammemes"]),
            dictionaries=dict(raw["dictionaries"]),
        )

    @cached_property
    def _sorted_attributes(self) -> list[tuple[str, tuple[str, ...]]]:
        return sorted(self.attributes.items())

    @cached_property
    def feature_count(self) -> int:
        """How many combinations of attribute values there are: the numbers that `features` reads lie below."""
        return prod(len(values) for values in self.attributes.values())

    def features(self, number: int) -> str:
        """The CoNLL-U form ("Case=Gen|Number=Sing") of what the network packs into one number, "" for none."""
        chosen: dict[str, str] = {}
        for name, values in reversed(self.attributes.items()):
            number, index = divmod(number, len(values))
            chosen[name] = values[index]
        return "|".join(f"{name}={chosen[name]}" for name, _ in self._sorted_attributes if chosen[name] != NO_VALUE)
