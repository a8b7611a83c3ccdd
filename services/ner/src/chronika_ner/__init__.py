"""Finds sentences, tokens, parts of speech, features, lemmas, trees and names."""

from chronika_ner.stage import STAGE

__all__ = ["STAGE"]
