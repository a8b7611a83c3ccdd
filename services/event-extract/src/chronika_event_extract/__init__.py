"""Triggers, participants, realis, attribution, time and place: from an analysed document to its events."""

from chronika_event_extract.stage import STAGE
from chronika_event_extract.version import CODER_VERSION

__all__ = ["CODER_VERSION", "STAGE"]
