"""What every installed stage promises: a document's layer is made from that document alone.

Which documents share a batch, and in which worker, is chance. Were a layer to depend on it, a run that was killed and
resumed would end in other events than one that was not.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from chronika.ports.stage import StageSpec
from chronika.runtime.outcomes import Produced, Work
from chronika.runtime.process import Chain, chosen_stages, load_chain
from chronika.testing.documents import article, work

STAGES = chosen_stages()

# Of different lengths, so that a model that reads them together has to fill up the shorter ones.
SENTENCES = (
    "Переговоры сорвались.",
    "Президент Чехии осудил удары по городу, а премьер Польши встретился с послом Канады в столице.",
    "«Мы готовы помочь», — заявил глава МИД Индии во вторник, 5 августа.",
    "Суд приговорил бывшего министра к семи годам тюрьмы.",
    "Жители вышли на улицы и потребовали отставки правительства Турции, сообщило агентство.",
    "Прем'єр Туреччини зустрівся з послом Індії у столиці.",
    "За даними агентства, Канада передасть 12 машин швидкої допомоги, якщо парламент не заперечить.",
    "Поліція затримала дев'ятьох.",
    "Глава МЗС Польщі звинуватив сусідів у порушенні кордону № 7.",
    "Погода в регіоні залишиться сухою до кінця тижня, і дощів не буде.",
)


def texts() -> list[str]:
    """Forty articles of one to seven sentences, Russian, Ukrainian and mixed."""
    chance = random.Random(20250822)
    return [" ".join(chance.sample(SENTENCES, k=chance.randint(1, 7))) for _ in range(40)]


@pytest.fixture(scope="module")
def chains() -> dict[str, Chain]:
    return {spec.name: load_chain([spec]) for spec in STAGES}


@pytest.fixture(scope="module")
def arriving(chains: dict[str, Chain]) -> dict[str, list[Work]]:
    """What arrives at each stage: the documents with the layers of the stages before it, each read alone."""
    works = [work(article(text), position=str(number)) for number, text in enumerate(texts())]
    arriving = {}
    for spec in STAGES:
        arriving[spec.name] = works
        works = [read_alone(chains[spec.name], one) for one in works]
    return arriving


def read_alone(chain: Chain, arriving: Work) -> Work:
    (payload,) = payloads(chain, [arriving])
    return Work(position=arriving.position, payload=payload)


def payloads(chain: Chain, works: Sequence[Work]) -> list[bytes]:
    outcomes = chain.run(works)
    assert all(isinstance(outcome, Produced) for outcome in outcomes), outcomes
    return [outcome.payload for outcome in outcomes if isinstance(outcome, Produced)]


@pytest.mark.parametrize("spec", STAGES, ids=lambda spec: spec.name)
def test_a_layer_does_not_depend_on_what_shares_the_batch(
    spec: StageSpec, chains: dict[str, Chain], arriving: dict[str, list[Work]]
) -> None:
    chain, works = chains[spec.name], arriving[spec.name]
    alone = [payloads(chain, [one])[0] for one in works]
    for size in (len(works), 8):
        together = [
            payload for start in range(0, len(works), size) for payload in payloads(chain, works[start : start + size])
        ]
        assert [number for number, payload in enumerate(together) if payload != alone[number]] == []


@pytest.mark.parametrize("spec", STAGES, ids=lambda spec: spec.name)
def test_a_layer_does_not_depend_on_what_was_read_before(
    spec: StageSpec, chains: dict[str, Chain], arriving: dict[str, list[Work]]
) -> None:
    works = arriving[spec.name]
    forwards = [payloads(chains[spec.name], [one])[0] for one in works]
    other = load_chain([spec])
    backwards = [payloads(other, [one])[0] for one in reversed(works)]
    assert forwards == backwards[::-1]
