"""Words to search for, each with the forms under which an article may hold it."""

from __future__ import annotations

from chronika.cli.terminal import note
from chronika.runtime.capabilities import lemmatiser
from chronika.runtime.settings import Settings


def search_words(text: str, settings: Settings) -> str:
    """The words of `text`, each with its lemmas as alternatives: "санкций|санкция против".

    Articles are found by their words as written and by the lemmas of those, so that a lemma finds every form. Where
    nothing installed knows lemmas, words are searched for as they are given.
    """
    words = text.split()
    if not words:
        return ""
    known = lemmatiser(settings.stages)
    if known is None:
        note("searching for the words as they are written: no installed stage knows their lemmas")
        return " ".join(words)
    return " ".join("|".join(dict.fromkeys((word, *sorted(known.lemmas(word))))) for word in words)
