"""Which document copies which does not depend on the order of arrival."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chronika.domain.document import Document
from chronika.ports.store import Store
from chronika_storage.copies import priority_of

Newsroom = Any  # the class in conftest.py, which tests cannot import


def copies(store: Store) -> dict[str, str]:
    return {document.document_id: document.copy_of for document in store.documents(limit=1000)}


def test_the_same_text_elsewhere_is_a_copy_of_the_earliest(store: Store, newsroom: Newsroom) -> None:
    same = newsroom.minhash("новость")
    newsroom.store(
        store,
        newsroom.article("second", published=newsroom.at(5), minhash=same, outlet="Ведомости"),
        newsroom.article("other", published=newsroom.at(0), minhash=newsroom.minhash("другое")),
    )
    assert copies(store) == {"second": "", "other": ""}
    newsroom.store(store, newsroom.article("first", published=newsroom.at(1), minhash=same))
    assert copies(store) == {"first": "", "second": "first", "other": ""}
    assert {row["document_id"]: row["copy_of"] for row in store.rows("documents")} == copies(store)


@pytest.mark.parametrize(("changed", "is_copy"), [(0, True), (25, True), (26, False), (128, False)])
def test_four_fifths_in_common_make_a_copy(store: Store, newsroom: Newsroom, changed: int, is_copy: bool) -> None:
    newsroom.store(
        store,
        newsroom.article("a", minhash=newsroom.minhash("новость"), published=newsroom.at(0)),
        newsroom.article("b", minhash=newsroom.minhash("новость", changed=changed, by="x"), published=newsroom.at(1)),
    )
    assert copies(store)["b"] == ("a" if is_copy else "")


def test_ties_go_to_the_smaller_id_and_undated_documents_come_last(store: Store, newsroom: Newsroom) -> None:
    same = newsroom.minhash("новость")
    newsroom.store(
        store,
        newsroom.article("undated", published=None, minhash=same),
        newsroom.article("b", minhash=same),
        newsroom.article("a", minhash=same),
    )
    assert copies(store) == {"a": "", "b": "a", "undated": "a"}


def test_a_text_without_words_copies_nothing(store: Store, newsroom: Newsroom) -> None:
    newsroom.store(store, newsroom.article("a", minhash=()), newsroom.article("b", minhash=()))
    assert copies(store) == {"a": "", "b": ""}


def line(newsroom: Newsroom, place: int) -> tuple[int, ...]:
    """Signatures on a line: those a step apart are alike (0.84), those two steps apart are not (0.69)."""
    versions = [newsroom.minhash(f"текст {number}") for number in range(4)]
    return tuple(versions[(20 * place + 127 - position) // 128][position] for position in range(128))


def test_a_chain_of_small_differences_is_not_one_group(store: Store, newsroom: Newsroom) -> None:
    days = range(12)
    for day in days:
        article = newsroom.article(f"day{day:02}", minhash=line(newsroom, day), published=newsroom.at(day))
        newsroom.store(store, article)
    groups = copies(store)
    assert 4 <= list(groups.values()).count("") <= 6
    for day in days:
        original = groups[f"day{day:02}"]
        assert original in ("", f"day{day - 1:02}", f"day{day - 2:02}")


def test_a_revision_frees_its_copies_and_can_become_one(store: Store, newsroom: Newsroom) -> None:
    news, other = newsroom.minhash("новость"), newsroom.minhash("другое")
    newsroom.store(
        store,
        newsroom.article("a", minhash=news, published=newsroom.at(0)),
        newsroom.article("b", minhash=news, published=newsroom.at(1)),
        newsroom.article("c", minhash=newsroom.minhash("новость", changed=9, by="c"), published=newsroom.at(2)),
        newsroom.article("x", minhash=other, published=newsroom.at(0)),
    )
    assert copies(store) == {"a": "", "b": "a", "c": "a", "x": ""}
    revised = newsroom.article("a", "Новая редакция.", minhash=other, published=newsroom.at(0.5), ingested=5)
    newsroom.store(store, revised)
    assert copies(store) == {"a": "x", "b": "", "c": "b", "x": ""}


def test_the_next_in_age_takes_the_place_of_an_original_that_leaves(store: Store, newsroom: Newsroom) -> None:
    newsroom.store(
        store,
        newsroom.article("early", minhash=line(newsroom, 0), published=newsroom.at(5)),
        newsroom.article("near", minhash=line(newsroom, 1), published=newsroom.at(7)),
        newsroom.article("late", minhash=line(newsroom, 0), published=newsroom.at(9)),
    )
    assert copies(store) == {"early": "", "near": "early", "late": "early"}
    elsewhere = newsroom.article("early", "Иное.", minhash=newsroom.minhash("иное"), ingested=5)
    newsroom.store(store, elsewhere)
    assert copies(store) == {"early": "", "near": "", "late": "near"}


def test_a_large_family_of_copies_costs_little_in_any_order(store: Store, newsroom: Newsroom) -> None:
    """An archive read from its newest day on: each document is the earliest so far."""
    family = [
        newsroom.article(
            f"report{number:03}",
            minhash=newsroom.minhash("сводка", changed=6, by=str(number)),
            published=newsroom.at(-number),
        )
        for number in range(400)
    ]
    started = time.process_time()
    for first in range(0, 400, 40):
        newsroom.store(store, *family[first : first + 40])
    assert time.process_time() - started < 10, "each arrival decides the whole family anew"
    groups = copies(store)
    assert groups.pop("report399") == ""
    assert set(groups.values()) == {"report399"}


@dataclass(frozen=True)
class Sighting:
    """A revision of a document: who, when published, which signature, when seen."""

    document_id: str
    published: int | None
    topic: int
    variant: int
    ingested: int


SIGHTINGS = st.builds(
    Sighting,
    document_id=st.sampled_from("abcdefg"),
    published=st.none() | st.integers(0, 3),
    topic=st.integers(0, 1),
    variant=st.integers(0, 6),
    ingested=st.integers(0, 100),
)


def minhash_of(newsroom: Newsroom, sighting: Sighting) -> tuple[int, ...]:
    """Variants of a topic lie on a line: neighbours are alike, those two steps apart are not."""
    one, other = newsroom.minhash(f"тема {sighting.topic}"), newsroom.minhash(f"иначе {sighting.topic}")
    return (*other[: 16 * sighting.variant], *one[16 * sighting.variant :])


def article_of(newsroom: Newsroom, sighting: Sighting) -> Document:
    published = None if sighting.published is None else newsroom.at(sighting.published)
    document: Document = newsroom.article(
        sighting.document_id,
        f"Текст {sighting.topic} {sighting.variant} {sighting.published} {sighting.ingested}",
        published=published,
        minhash=minhash_of(newsroom, sighting),
        ingested=sighting.ingested,
    )
    return document


def expected_copies(newsroom: Newsroom, sightings: Sequence[Sighting]) -> dict[str, str]:
    """The rule, said plainly, over the latest sighting of each document."""
    current: dict[str, tuple[Sighting, Document]] = {}
    for sighting in sightings:
        document = article_of(newsroom, sighting)
        held = current.get(sighting.document_id)
        rank = (sighting.ingested, document.revision)
        if held is None or rank > (held[0].ingested, held[1].revision):
            current[sighting.document_id] = (sighting, document)
    groups: dict[str, list[Sighting]] = {}  # by the id of their leader
    for one, _ in sorted(current.values(), key=lambda pair: priority_of(pair[0].document_id)):
        mine = minhash_of(newsroom, one)
        alike = [
            leader
            for leader in groups
            if sum(a == b for a, b in zip(mine, minhash_of(newsroom, current[leader][0]), strict=True)) / 128 >= 0.8
        ]
        groups.setdefault(alike[0] if alike else one.document_id, []).append(one)
    result: dict[str, str] = {}
    for members in groups.values():
        by_age = sorted(members, key=lambda one: (one.published is None, one.published or 0, one.document_id))
        result.update({one.document_id: by_age[0].document_id for one in by_age[1:]} | {by_age[0].document_id: ""})
    return result


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sightings=st.lists(SIGHTINGS, min_size=2, max_size=9), data=st.data())
def test_any_order_of_arrival_ends_alike(
    newsroom: Newsroom, new_store: Callable[[], Store], sightings: list[Sighting], data: st.DataObject
) -> None:
    expected = expected_copies(newsroom, sightings)
    for order in (sightings, data.draw(st.permutations(sightings))):
        with new_store() as store:
            for sighting in order:
                newsroom.store(store, article_of(newsroom, sighting))
            assert copies(store) == expected


def test_every_order_of_a_small_group_ends_alike(newsroom: Newsroom, new_store: Callable[[], Store]) -> None:
    sightings = [Sighting(name, at, 0, at, 0) for at, name in enumerate("abcd")]
    ends = []
    for order in itertools.permutations(sightings):
        with new_store() as store:
            for sighting in order:
                newsroom.store(store, article_of(newsroom, sighting))
            ends.append(copies(store))
    assert ends == [expected_copies(newsroom, sightings)] * 24
