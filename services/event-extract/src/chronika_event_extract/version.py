"""The version of the coder: it changes whenever rules or lexicons may give other events."""

CODER_VERSION = "1.0.1"
