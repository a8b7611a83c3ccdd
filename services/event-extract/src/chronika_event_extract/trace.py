"""What the coder noted on its way, for `chronika explain`. The silent trace costs a call that does nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from chronika_event_extract.lexicon import TriggerEntry


@dataclass(frozen=True, slots=True)
class Refusal:
    """A word of the lexicon that gave no event: the entry that was tried, if it came to that, and why it failed."""

    token: int
    entry_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A role of the event at `trigger`: the head of the phrase that filled it, and a rule that did so."""

    trigger: int
    role: str
    phrase: int
    rule: str


class Trace:
    """Notes nothing; `Recorder` does."""

    __slots__ = ()

    def refused(self, token: int, entry: TriggerEntry | None, reason: str) -> None:
        """A word of the lexicon gave no event."""

    def chose(self, trigger: int, role: str, phrase: int, rule: str) -> None:
        """A phrase fills a role of the event at a trigger."""


@dataclass(slots=True)
class Recorder(Trace):
    """Keeps what it is told, in order."""

    refusals: list[Refusal] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)

    def refused(self, token: int, entry: TriggerEntry | None, reason: str) -> None:
        """A word of the lexicon gave no event."""
        self.refusals.append(Refusal(token, entry.id if entry else "", reason))

    def chose(self, trigger: int, role: str, phrase: int, rule: str) -> None:
        """A phrase fills a role of the event at a trigger."""
        self.choices.append(Choice(trigger, role, phrase, rule))


SILENT = Trace()
