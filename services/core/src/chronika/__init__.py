"""Chronika reads events out of Russian and Ukrainian news: who did what to whom, when, where, who says so."""
