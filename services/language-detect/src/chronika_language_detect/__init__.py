"""Tells which language a document and each of its paragraphs is written in."""

from chronika_language_detect.stage import STAGE

__all__ = ["STAGE"]
